import type { CallRecord, Message } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { isLuhnValid } from "../scrub/luhn.ts";
import { chatRecord, contentOf } from "./chat-record.ts";

/** Records with things that must not be in a dataset, and what was planted. */
export interface PlantedRecords {
  readonly records: readonly CallRecord[];
  readonly secrets: readonly string[];
  readonly emails: readonly string[];
  readonly cards: readonly string[];
  /** Numbers that look like a card's and are not: they stay. */
  readonly otherNumbers: readonly string[];
  readonly duplicates: number;
  readonly failed: number;
}

const WORDS =
  "the mayor of the harbour says that fish is cheap today and the lighthouse needs oil before winter comes".split(" ");

/** 10,000 records: 400 keys, 300 addresses, 120 cards, 120 numbers that are none, 500 duplicates and 700 calls without a whole answer. */
export function plantedRecords(seed: number): PlantedRecords {
  const random = createSeededRandom(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const row = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[upTo(alphabet.length)]).join("");
  const mixed = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  const sentence = (): string => Array.from({ length: 20 }, () => WORDS[upTo(WORDS.length)]).join(" ");
  const keyForms = [
    () => `sk-ant-api03-${row(mixed, 40)}`,
    () => `gsk_${row(mixed, 52)}`,
    () => row("0123456789abcdef", 40),
    () => `wandb_v1_${row(mixed, 40)}`,
    () => `AKIA${row("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
    () => `eyJ${row(mixed, 30)}.eyJ${row(mixed, 40)}.${row(mixed, 43)}`,
    () => `github_pat_${row(mixed, 40)}`,
    () => `postgres://app:${row(mixed, 12)}9@db.internal/app`,
  ];
  const cardOf = (isValid: boolean): string => {
    for (;;) {
      const number = `4${row("0123456789", 15)}`;
      if (isLuhnValid(number) === isValid) return random() < 0.5 ? number : number.replace(/(.{4})(?=.)/g, "$1 ");
    }
  };
  const planted = {
    secrets: [] as string[],
    emails: [] as string[],
    cards: [] as string[],
    otherNumbers: [] as string[],
  };

  /** Puts a text into the prompt, the answer, the arguments or the output of a tool, or escaped into JSON. */
  function withPlanted(id: number, text: string): CallRecord {
    const prompt = `${id} ${sentence()}`;
    const answer = sentence();
    switch (upTo(5)) {
      case 0:
        return chatRecord(`c${id}`, contentOf(`${prompt} ${text}.`, answer));
      case 1:
        return chatRecord(`c${id}`, contentOf(prompt, `${answer}\n${text}`));
      case 2: {
        const input = { note: `see ${text}`, deep: [{ value: text }] };
        const toolCalls = [{ id: "t1", name: "write", input, rawInput: JSON.stringify(input), invalid: null }];
        return chatRecord(`c${id}`, contentOf(prompt, "", { toolCalls }), { finishReason: "tool-calls" });
      }
      case 3: {
        const messages: Message[] = [
          { role: "user", content: prompt },
          { role: "assistant", content: [{ type: "tool-call", id: "t", name: "look", input: {} }] },
          { role: "tool", content: [{ type: "tool-result", toolCallId: "t", output: { [text]: 1, row: text } }] },
        ];
        return chatRecord(`c${id}`, contentOf(messages, answer));
      }
      default:
        return chatRecord(`c${id}`, contentOf(`${prompt} ${JSON.stringify({ line: `\n${text}` })}`, answer));
    }
  }

  const records: CallRecord[] = [];
  const plant = (count: number, into: string[], make: (index: number) => string): void => {
    for (let index = 0; index < count; index += 1) {
      const text = make(index);
      into.push(text);
      records.push(withPlanted(records.length, text));
    }
  };
  plant(400, planted.secrets, (index) => (keyForms[index % keyForms.length] ?? keyForms[0])?.() ?? "");
  plant(300, planted.emails, () => `${row(mixed, 8)}.${row(mixed, 5)}@${row("abcdefgh", 7)}.example.org`);
  plant(120, planted.cards, () => cardOf(true));
  plant(120, planted.otherNumbers, () => cardOf(false));
  const plain = (id: number, more: Partial<CallRecord> = {}): CallRecord =>
    chatRecord(`c${id}`, contentOf(`${id} ${sentence()}`, sentence()), { agent: `npc-${upTo(200)}`, ...more });
  const broken: readonly Partial<CallRecord>[] = [
    { outcome: "failed", finishReason: null },
    { finishReason: "length" },
    { seams: [{ at: 4, from: { provider: "wandb", model: "m" }, to: { provider: "groq", model: "m" } }] as never },
  ];
  for (let index = 0; index < 700; index += 1) records.push(plain(records.length, broken[index % broken.length]));
  while (records.length < 9_500) records.push(plain(records.length));
  for (let index = 0; index < 500; index += 1) {
    const original = records[2_000 + index];
    if (original !== undefined) records.push({ ...original, callId: `d${index}` });
  }
  for (let at = records.length - 1; at > 0; at -= 1) {
    const other = upTo(at + 1);
    const [a, b] = [records[at], records[other]];
    if (a !== undefined && b !== undefined) [records[at], records[other]] = [b, a];
  }
  return { records, ...planted, duplicates: 500, failed: 700 };
}
