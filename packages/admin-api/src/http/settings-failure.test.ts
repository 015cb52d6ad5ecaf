import { LLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { memorySettings } from "../test-support/memory-settings.ts";
import { AdminError } from "./admin-error.ts";
import { writeSettings } from "./settings-failure.ts";

const storeError = (code: string, details: object = {}) => Object.assign(new Error(code), { code, ...details });
const errorOf = (thrown: unknown) =>
  writeSettings(memorySettings(), () => Promise.reject(thrown)).catch((caught: unknown) => caught);

test.each<[thrown: Error, code: string, message: RegExp]>([
  [storeError("conflict"), "conflict", /in the meantime/],
  [storeError("timeout"), "settings_unavailable", /cannot be reached/],
  [storeError("unavailable"), "settings_unavailable", /cannot be reached/],
  [storeError("write_unknown"), "write_unknown", /not known whether/],
  [
    storeError("invalid", { issues: [{ path: "agents.a", message: "is wrong" }] }),
    "invalid_body",
    /^Invalid request body: agents.a: is wrong$/,
  ],
])("maps a failure of the store: $code", async (thrown, code, message) => {
  const failure = await errorOf(thrown);
  expect(failure).toMatchObject({ name: "AdminError", code, message: expect.stringMatching(message) });
});

test.each<[Error]>([
  [new AdminError("unknown_provider", "no provider is called so")],
  [new LLMError({ code: "timeout", message: "a key did not arrive in time" })],
  [new TypeError("a bug")],
])("an error of a check inside an update is not a failure of the store: %s", async (thrown) => {
  expect(await errorOf(thrown)).toBe(thrown);
});
