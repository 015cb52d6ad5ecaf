import { expect, test } from "vitest";
import { isBadKeyMessage } from "./is-bad-key-message.ts";

test.each([
  "API key not valid. Please pass a valid API key.",
  "API key expired. Please renew the API key.",
  "Invalid API key",
  "Incorrect API key provided: sk-…",
  "The API key is invalid",
  "Your api_key is not valid",
  "Error: missing api-key",
  "invalid x-api-key",
  "Please provide a valid API key",
])("%s", (message) => {
  expect([400, 403, null].map((status) => isBadKeyMessage(message, status))).toEqual([true, true, true]);
  expect(isBadKeyMessage(message, 500)).toBe(false);
});

test.each([
  "Invalid content: 'my API key is invalid'",
  "The model says: API key not valid",
  "API keys of this project may use gpt-6",
  "Invalid value for 'model'",
  "",
])("not: %s", (message) => {
  expect(isBadKeyMessage(message, 400)).toBe(false);
});
