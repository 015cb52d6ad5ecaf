import type { JsonObject } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { addReasoningDetails, type ReasoningDetail } from "./reasoning-details.ts";

const h: JsonObject = { type: "text", index: 0, text: "h" };

test.each<[string, readonly JsonObject[], readonly JsonObject[]]>([
  ["text is appended", [h, { ...h, text: "m" }], [{ ...h, text: "hm" }]],
  [
    "other fields are replaced",
    [
      { ...h, format: "a" },
      { ...h, format: "b" },
    ],
    [{ ...h, text: "hh", format: "b" }],
  ],
  ["`null` replaces nothing", [h, { ...h, text: null }], [h]],
  ["another index", [h, { ...h, index: 1 }], [h, { ...h, index: 1 }]],
  ["no index", [{ text: "a" }, { text: "b" }], [{ text: "a" }, { text: "b" }]],
])("%s", (_, pieces, expected) => {
  const details: ReasoningDetail[] = [];
  for (const piece of pieces) addReasoningDetails(details, [piece]);
  expect(details).toEqual(expected);
});

test("pieces are joined in one object, and are not changed", () => {
  const details: ReasoningDetail[] = [];
  addReasoningDetails(details, [h]);
  const [first] = details;
  addReasoningDetails(details, [{ ...h, text: "m" }]);
  expect(details[0]).toBe(first);
  expect(h.text).toBe("h");
});
