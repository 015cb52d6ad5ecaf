import { expect, it } from "vitest";
import type { SimulatedAnswer } from "../answer/simulated-request.ts";
import { WRONG_SHAPE_WAYS, type WrongShapeWay } from "./fault.ts";
import { spoilShape } from "./wrong-shape.ts";

const decisions = [
  { id: "a", n: 1, why: 'It\'s "fine"', ok: true },
  { id: "b", n: 2, why: "x", ok: false },
  { id: "c", n: 3, why: "y", ok: true },
  { id: "d", n: 4, why: "z", ok: true },
];

const answer = (text: string): SimulatedAnswer => ({
  id: "1",
  reasoning: null,
  text,
  toolCalls: [],
  refusal: null,
  end: "stop",
  stopSequence: null,
  rawEnd: null,
  usage: null,
  served: { model: "m", serviceTier: null, speed: null, region: null },
});

const good = JSON.stringify({ decisions });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The result of each kind for the valid answer. */
const EXPECTED: Readonly<Record<WrongShapeWay, (text: string) => void>> = {
  "missing-elements": (text) => expect(parsed(text)).toEqual({ decisions: [decisions[0], decisions[2], decisions[3]] }),
  "extra-prose": (text) => expect([text.includes(good), parsed(text)]).toEqual([true, undefined]),
  fences: (text) => expect(parsed(/^```json\n([\s\S]*)\n```$/.exec(text)?.[1] ?? "")).toEqual({ decisions }),
  length: (text) =>
    expect([good.startsWith(text), text.length < good.length, parsed(text)]).toEqual([true, true, undefined]),
  "duplicate-ids": (text) =>
    expect(parsed(text)).toEqual({ decisions: [decisions[0], decisions[0], decisions[2], decisions[3]] }),
  "wrong-types": (text) =>
    expect(parsed(text)).toMatchObject({ decisions: [{ id: 1, n: "about 1", ok: "yes" }, {}, {}, {}] }),
  "unclosed-think": (text) => {
    expect(text.startsWith("<think>\n")).toBe(true);
    expect(text.endsWith(good)).toBe(true);
    expect(text).not.toContain("</think>");
  },
  "trailing-comma": (text) => expect([text, parsed(text)]).toEqual([`${good.slice(0, -3)},}]}`, undefined]),
  "single-quotes": (text) =>
    expect([parsed(text), text.includes("'why': 'It\\'s \"fine\"'")]).toEqual([undefined, true]),
  "wrong-root": (text) => expect(parsed(text)).toEqual([{ decisions }]),
};

it.each(WRONG_SHAPE_WAYS)("%s", (way) => {
  const spoilt = spoilShape(answer(good), way);
  EXPECTED[way](spoilt.text);
  expect(spoilt.end).toBe(way === "length" ? "length" : "stop");
});

it.each(WRONG_SHAPE_WAYS)("%s changes an object without a list, and does not change text", (way) => {
  const object = JSON.stringify({ title: "a", n: 1 });
  const changed = spoilShape(answer(object), way).text;
  // It has no element that could be repeated.
  expect(changed === object).toBe(way === "duplicate-ids");
  expect(spoilShape(answer("Just a post."), way).text).toBe("Just a post.");
});

it("corrupts the arguments of a tool call", () => {
  const toolCalls = [{ id: "1", name: "answer", arguments: good }];
  const spoilt = spoilShape({ ...answer(""), toolCalls }, "wrong-root");
  expect(parsed(spoilt.toolCalls[0]?.arguments ?? "")).toEqual([{ decisions }]);
});
