import { expect, test } from "vitest";
import { mergeHeaders } from "./merge-headers.ts";

test("the last value wins, ignoring case", () => {
  expect(mergeHeaders({ Accept: "a", "x-one": "1" }, undefined, { ACCEPT: "b" }, { "X-Two": "2" })).toEqual({
    accept: "b",
    "x-one": "1",
    "x-two": "2",
  });
});
