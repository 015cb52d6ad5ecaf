import { mockProvider } from "@babylon/llm-testing";
import { cpuMs, slowness } from "@babylon/llm-testing/vitest";
import { describe, expect, it } from "vitest";
import { createLLMClient } from "../create-llm-client.ts";
import type { JsonSchemaWithValidate } from "./schema/structured-schema.ts";

const SIZE = 1_000_000;
const MOST_CPU_MS = 100;
const MOST_BLOCK_MS = 50;
const MOST_RUNS = 5;
/** The clock of the CPU ticks every 4 ms on some machines. */
const TICKS_MS = 8;

const element: JsonSchemaWithValidate<unknown> = {
  jsonSchema: { type: "object", properties: { id: { type: "number" }, a: { type: "number" } }, required: ["id"] },
  validate: (value) =>
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "number"
      ? { value }
      : { issues: [{ message: "no id", path: [] }] },
};

/** What an answer of a megabyte repeats, and what it begins and ends with. */
const answers: readonly (readonly [unit: string, before?: string, after?: string])[] = [
  ['{"id":1},', "[", '{"id":1}]'],
  ['{"id":1},', '{"items":[', '{"id":1}]}'],
  ['{"id":1},', "```json\n[", '{"id":1}]\n```'],
  ['{"a":1},', "[", '{"a":1}]'],
  ["{a:1}"],
  ["{a:1},", "[", "]"],
  ["{'id': 1, 'a': 'it is'}, ", "[", "]"],
  ["["],
  ["[]"],
  ['{"id":1}\n'],
];
const cases: (readonly [name: string, text: string])[] = answers.map(([unit, before = "", after = ""]) => {
  const text = before + unit.repeat((SIZE - before.length - after.length) / unit.length) + after;
  return [JSON.stringify(`${before}${unit}…${after}`), text] as const;
});
cases.push(['"[[…]]"', "[".repeat(SIZE / 2) + "]".repeat(SIZE / 2)]);

/** What a call costs, and how much of it at most in one turn, while everything else waited: CPU time, as the machine may be busy. */
async function measure(text: string, streaming: boolean): Promise<{ cpu: number; block: number }> {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += 16_000) pieces.push(text.slice(at, at + 16_000));
  const provider = mockProvider({ id: "a", steps: [{ text: streaming ? pieces : text }] });
  const llm = createLLMClient({ providers: [provider], env: {}, retry: { maxRetries: 0 } });
  const options = { element, prompt: "x", maxReasks: 0 };
  let block = 0;
  let seen = cpuMs();
  const look = (): void => {
    const now = cpuMs();
    block = Math.max(block, now - seen);
    seen = now;
    turn = setImmediate(look);
  };
  let turn = setImmediate(look);
  const start = cpuMs();
  try {
    if (streaming) for await (const _ of llm.streamArray(options));
    else await llm.generateArray(options);
  } catch {
    // An answer that does not fit costs no more.
  }
  const cpu = cpuMs() - start;
  clearImmediate(turn);
  await llm.close();
  return { cpu, block: Math.max(block, cpuMs() - seen) };
}

describe.each([
  ["generateArray", false],
  ["streamArray", true],
])("%s", (_, streaming) => {
  it.each(cases)(
    `takes at most ${MOST_CPU_MS} ms for a megabyte, and at most ${MOST_BLOCK_MS} ms at once: %s`,
    { timeout: 60_000 },
    async (_name, text) => {
      let cpu = Number.POSITIVE_INFINITY;
      let block = Number.POSITIVE_INFINITY;
      // The best of five, by the speed that the machine has at the moment.
      for (
        let runs = 0;
        runs < MOST_RUNS && (cpu > MOST_CPU_MS + TICKS_MS || block > MOST_BLOCK_MS + TICKS_MS);
        runs += 1
      ) {
        const run = await measure(text, streaming);
        const slow = run.cpu > MOST_CPU_MS || run.block > MOST_BLOCK_MS ? slowness() : 1;
        cpu = Math.min(cpu, run.cpu / slow);
        block = Math.min(block, run.block / slow);
      }
      expect(cpu).toBeLessThanOrEqual(MOST_CPU_MS + TICKS_MS);
      expect(block).toBeLessThanOrEqual(MOST_BLOCK_MS + TICKS_MS);
    },
  );
});
