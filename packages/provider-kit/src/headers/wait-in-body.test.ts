import { expect, test } from "vitest";
import { waitInBody } from "./wait-in-body.ts";

test.each<[string, unknown, number | null]>([
  ["Google's retry information", { error: { details: [{ violations: [] }, { retryDelay: "38.5s" }] } }, 38_500],
  ["a gateway's metadata", { error: { message: "x", metadata: { retry_after_seconds: 4 } } }, 4_000],
  ["next to the error", { error: { message: "x" }, retry_after: 2 }, 2_000],
  ["a flat body", { message: "x", retry_after: 2 }, 2_000],
  ["no wait", { error: { details: [{ retryDelay: "soon" }], retry_after: -1 } }, null],
  ["no body", undefined, null],
])("%s", (_, body, waitMs) => {
  expect(waitInBody(body)).toBe(waitMs);
});
