import { expect, test } from "vitest";
import { z } from "zod";
import { decisionSchema, orderSchema } from "./order.ts";
import { postAnswerSchema } from "./post-answer.ts";
import { questionAnswerSchema } from "./question-answer.ts";

const ids = ["goat", "ferry"];
const week = ["Saltday", "Millday"];
const order = { action: "buy", question: "goat", side: "yes", shares: 3, reason: "Why not." };
const question = { question: "Will it?", criteria: "If it does.", closes: "Millday", yesPrice: 0.5 };

test.each<[string, z.ZodType, unknown, boolean]>([
  ["an order", orderSchema(ids), order, true],
  ["an order about an unknown question", orderSchema(ids), { ...order, question: "moon" }, false],
  ["an order of half a share", orderSchema(ids), { ...order, shares: 0.5 }, false],
  ["an order of a negative number of shares", orderSchema(ids), { ...order, shares: -1 }, false],
  ["a decision", decisionSchema(ids), { characterId: "pip", ...order }, true],
  ["a decision without a character", decisionSchema(ids), order, false],
  ["a post", postAnswerSchema(ids), { text: "Hm.", question: "goat", mood: "amused" }, true],
  ["a post with an unknown mood", postAnswerSchema(ids), { text: "Hm.", question: "goat", mood: "wistful" }, false],
  ["an empty post", postAnswerSchema(ids), { text: "", question: "goat", mood: "amused" }, false],
  ["a question", questionAnswerSchema(week), question, true],
  ["a question on a day that does not exist", questionAnswerSchema(week), { ...question, closes: "Monday" }, false],
  ["a question with a probability of 1", questionAnswerSchema(week), { ...question, yesPrice: 1 }, false],
])("%s", (_, schema, value, fits) => {
  expect(schema.safeParse(value).success).toBe(fits);
});

test("every schema can be expressed as JSON Schema", () => {
  for (const schema of [orderSchema(ids), decisionSchema(ids), postAnswerSchema(ids), questionAnswerSchema(week)]) {
    expect(z.toJSONSchema(schema)).toMatchObject({ type: "object", additionalProperties: false });
  }
});
