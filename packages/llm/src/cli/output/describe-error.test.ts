import { LLMError, type LLMErrorCode } from "@babylon/llm-core";
import { SettingsError, type SettingsErrorCode } from "@babylon/settings-store";
import { describe, expect, test } from "vitest";
import { defaultProviders } from "../../default-providers.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { EXIT } from "../exit-code.ts";
import { describeError } from "./describe-error.ts";

const providers = defaultProviders();
const failed = (code: LLMErrorCode, more: object = {}): LLMError =>
  new LLMError({ code, message: "it failed", provider: "groq", ...more });

describe("calls", () => {
  test.each<[LLMErrorCode, RegExp]>([
    ["auth", /^check GROQ_API_KEY; create a new one at https:\/\/console\.groq\.com\/keys$/],
    ["permission", /GROQ_API_KEY lacks a permission/],
    ["quota", /credit or spending limit exhausted.*billing page of Groq/],
    ["budget", /^change the budget rule in the message, or request less$/],
    ["model_not_found", /GROQ_MODEL or settings set providers\.groq\.model=.*run babylon-llm models groq$/],
    ["rate_limit", /Groq limits the requests of this key/],
    ["network", /GROQ_BASE_URL and the proxy variables; babylon-llm doctor/],
    ["timeout", /Groq did not answer in time.*--timeout/],
    ["deadline", /--timeout/],
    ["overloaded", /Groq is failing/],
    ["server", /Groq is failing/],
  ])("%s has a fix", (code, fix) => {
    expect(describeError(failed(code), providers)).toEqual({
      code,
      message: "it failed",
      fix: expect.stringMatching(fix),
      exit: EXIT.failed,
    });
  });

  test("a requested wait is printed in seconds", () => {
    const { fix } = describeError(failed("rate_limit", { retryAfterMs: 12_300 }), providers);
    expect(fix).toBe("wait 13 s, as Groq requests");
  });

  test("a budget that resets has the wait", () => {
    const { fix } = describeError(failed("budget", { retryAfterMs: 59_100 }), providers);
    expect(fix).toBe("wait 60 s, or change the budget rule in the message");
  });

  test("without a key the fix lists the variables and the URLs for keys", () => {
    const skipped = [
      { provider: "wandb", reason: "no key: set WANDB_API_KEY" },
      { provider: "groq", reason: "switched off in the settings" },
    ];
    const error = new LLMError({ code: "no_provider", message: "empty", details: { skipped } });
    expect(describeError(error, providers).fix).toBe(
      "set WANDB_API_KEY (https://wandb.ai/authorize), in the environment or in .env",
    );
  });

  test("all_failed lists the fix of each link once", () => {
    const errors = [failed("auth"), failed("auth"), failed("quota", { provider: "openai" })];
    const error = new LLMError({ code: "all_failed", message: "all failed", details: { errors } });
    const { fix } = describeError(error, providers);
    expect(fix?.split("\n").map((line) => line.trim().split(":")[0])).toEqual(["groq", "openai"]);
  });

  test("an invalid option is a usage error, an aborted call is not", () => {
    expect(describeError(failed("invalid_input"), providers)).toMatchObject({ exit: EXIT.usage });
    expect(describeError(failed("aborted"), providers)).toMatchObject({ exit: EXIT.stopped, message: "stopped" });
  });
});

describe("settings", () => {
  test.each<[SettingsErrorCode, number, RegExp | null]>([
    ["invalid", EXIT.usage, null],
    ["conflict", EXIT.settings, /settings get/],
    ["unavailable", EXIT.settings, /--settings or BABYLON_SETTINGS_URL/],
    ["timeout", EXIT.settings, /is reachable/],
    ["write_unknown", EXIT.settings, /settings history/],
    ["corrupt", EXIT.settings, /another location/],
    ["schema_too_new", EXIT.settings, /update @babylon\/llm/],
  ])("%s", (code, exit, fix) => {
    expect(describeError(new SettingsError({ code, message: "it failed" }), providers)).toEqual({
      code,
      message: "it failed",
      fix: fix === null ? null : expect.stringMatching(fix),
      exit,
    });
  });

  test("an invalid URL is reported by the name of the flag", () => {
    const error = new SettingsError({ code: "invalid", message: "url: unknown scheme x://" });
    expect(describeError(error, providers).message).toBe("--settings: unknown scheme x://");
  });
});

test.each<[unknown, object]>([
  [new UsageError("no"), { code: "usage", message: "no", fix: null, exit: EXIT.usage }],
  [new TypeError("a fault of ours"), { code: "unexpected", message: "a fault of ours", exit: EXIT.failed }],
  ["thrown text", { code: "unexpected", message: "thrown text" }],
])("%s", (thrown, expected) => {
  expect(describeError(thrown, providers)).toMatchObject(expected);
});
