import { expect, it } from "vitest";
import { toToolCall } from "../run/answer.ts";
import { checkToolCall } from "./check-tool-call.ts";

const tools = {
  order: {
    inputSchema: {
      type: "object",
      properties: { market: { type: "string" }, amount: { type: "number", minimum: 1 } },
      required: ["market"],
      additionalProperties: false,
    },
  },
  anything: { inputSchema: {} },
  broken: { inputSchema: { $ref: "#/$defs/Gone" } },
};

it.each([
  ["order", '{"market":"m1","amount":2}', { market: "m1", amount: 2 }, null],
  ["order", '{"amount":2}', { amount: 2 }, /do not fit the schema.*market/],
  ["order", '{"market":"m1","amount":0}', { market: "m1", amount: 0 }, /do not fit the schema.*1/],
  ["order", '{"market":7}', { market: 7 }, /do not fit the schema/],
  ["order", '{"market":"m1","extra":1}', { market: "m1", extra: 1 }, /do not fit the schema/],
  ["order", '{"market":', null, /not JSON/],
  ["anything", "", {}, null],
  ["anything", "[1]", [1], null],
  ["sell", "{}", {}, /no tool "sell"/],
  ["broken", "{}", {}, /cannot be checked/],
  ["toString", "{}", {}, /no tool/],
])("%s with %s", (name, inputText, input, invalid) => {
  const call = checkToolCall(toToolCall({ id: "1", name, inputText }, tools), tools);
  expect(call).toMatchObject({ id: "1", name, input, rawInput: inputText === "" ? "{}" : inputText });
  if (invalid === null) expect(call.invalid).toBeNull();
  else expect(call.invalid).toMatch(invalid);
});
