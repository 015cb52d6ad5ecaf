import type { CallRecord } from "@babylon/llm-core";
import { chatRecord, contentOf } from "./chat-record.ts";

const WORDS =
  "the mayor of the harbour says that fish is cheap in 1793, and the lighthouse needs oil: before winter token".split(
    " ",
  );

/** Paragraphs of 60 words each; `scatter` chooses the words without a generator of random numbers, whose package would be measured, too. */
const PARAGRAPHS = 400;
const scatter = (number: number): number => Math.imul(number, 0x9e3779b1) >>> 8;

/** Records of 500 agents with about 1.6 kB of text each, made while they are read, until they have so many megabytes. */
export function* sizedRecords(megabytes: number): Generator<CallRecord> {
  const paragraphs = Array.from({ length: PARAGRAPHS }, (_, number) =>
    Array.from({ length: 60 }, (_word, at) => WORDS[scatter(number * 60 + at) % WORDS.length]).join(" "),
  );
  for (let [bytes, id] = [0, 0]; bytes < megabytes * 1e6; id += 1) {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((part) => paragraphs[scatter(id * 5 + part) % PARAGRAPHS]);
    const [prompt, answer] = [`${id} ${a} ${b} ${c} ${d}`, e ?? ""];
    bytes += prompt.length + answer.length;
    yield chatRecord(`c${id}`, contentOf(prompt, answer), { agent: `npc-${id % 500}` });
  }
}
