import { expect, test } from "vitest";
import { vendorMessage } from "./vendor-message.ts";

test.each<[unknown, string]>([
  [{ error: { message: "Invalid API Key", type: "invalid_request_error" } }, "Invalid API Key"],
  [{ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "Overloaded"],
  [{ error: "model not loaded" }, "model not loaded"],
  [{ detail: "Not Found" }, "Not Found"],
  [
    { detail: [{ loc: ["body", "messages", 0], msg: "Field required", type: "missing", input: "the whole prompt" }] },
    "body.messages.0: Field required",
  ],
  [{ detail: [{ msg: "one" }, { msg: "two" }] }, "one; two"],
  [{ message: "concurrency limit reached" }, "concurrency limit reached"],
  [{ Message: "The security token is invalid." }, "The security token is invalid."],
  [{ error: { code: "slow_down" } }, "slow_down"],
  ["just words", "just words"],
  [{ unknown: 1 }, ""],
  [null, ""],
])("of %j", (body, expected) => {
  expect(vendorMessage(body, JSON.stringify(body))).toBe(expected);
});

test.each([
  ["<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", 'an HTML page, "502 Bad Gateway"'],
  ["<html><body>no title</body></html>", "an HTML page"],
  ["  upstream connect error  ", "upstream connect error"],
  ["", ""],
])("of the text %j", (text, expected) => {
  expect(vendorMessage(undefined, text)).toBe(expected);
});
