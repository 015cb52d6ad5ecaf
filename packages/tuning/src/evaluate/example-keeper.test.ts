import { expect, test } from "vitest";
import type { ChatExample } from "../dataset/chat-example.ts";
import { type AnsweredExample, createExampleKeeper } from "./example-keeper.ts";

const example = (question: string): ChatExample => ({
  messages: [
    { role: "system", content: "Be short." },
    { role: "user", content: question },
    { role: "assistant", content: "right" },
  ],
});
const answer = (text: string) => ({ text, toolCalls: [] });
const answered = (index: number, scores: readonly [number | null, number | null]): AnsweredExample => ({
  index,
  example: example(`question ${index}`),
  candidate: answer("right"),
  baseline: answer("wrong"),
  scores: { exact: scores },
});

test("keeps lost, won and tied examples in turn, the first of each, in the order of the dataset", () => {
  const keeper = createExampleKeeper(5);
  // Every fourth one is lost, one is won, and they arrive backwards.
  for (let index = 99; index >= 0; index -= 1) {
    keeper.add(answered(index, index % 4 === 3 ? [0, 1] : index === 50 ? [1, 0] : [1, 1]));
  }
  expect(keeper.examples().map(({ number }) => number)).toEqual([1, 2, 4, 8, 51]);
});

test("has the prompt, the expected answer, both answers with tool calls, and failed calls", () => {
  const keeper = createExampleKeeper(2);
  keeper.add({
    ...answered(0, [1, 0]),
    candidate: { text: "", toolCalls: [{ name: "open", input: { door: 2 } }] },
    baseline: null,
  });
  expect(keeper.examples()).toEqual([
    {
      number: 1,
      prompt: [
        { role: "system", text: "Be short." },
        { role: "user", text: "question 0" },
      ],
      expected: "right",
      candidate: '[{"name":"open","input":{"door":2}}]',
      baseline: null,
      scores: { exact: [1, 0] },
    },
  ]);
});

test("an answer with a secret is not kept, personal data is masked, and long texts are cut", () => {
  const keeper = createExampleKeeper(3);
  keeper.add({ ...answered(0, [1, 1]), candidate: answer(`key: sk-ant-api03-${"aB3".repeat(30)}`) });
  keeper.add({ ...answered(1, [1, 1]), candidate: answer("write to ada@town.example") });
  keeper.add({ ...answered(2, [1, 1]), candidate: answer("word ".repeat(2_000)) });
  const kept = keeper.examples();
  expect(kept.map(({ number }) => number)).toEqual([2, 3]);
  expect(kept[0]?.candidate).toBe("write to [email]");
  expect(kept[1]?.candidate).toHaveLength(4_001);
});

test("keeps nothing with 0", () => {
  const keeper = createExampleKeeper(0);
  keeper.add(answered(0, [1, 0]));
  expect(keeper.examples()).toEqual([]);
});
