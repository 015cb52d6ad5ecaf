import { describe, expect, test } from "vitest";
import { invalidSettings, isSettingsError, SettingsError } from "./settings-error.ts";

describe("a settings error", () => {
  test("is recognised across copies of the package, by code", () => {
    const error = new SettingsError({ code: "write_unknown", message: "m", details: { writeId: "1-x" } });
    expect(isSettingsError(error)).toBe(true);
    expect(isSettingsError(error, "write_unknown") && error.writeId).toBe("1-x");
    expect(isSettingsError(error, "timeout")).toBe(false);
    expect(isSettingsError(new Error("m"))).toBe(false);
    expect(isSettingsError(null)).toBe(false);
    const copy = Object.defineProperty(new Error("m"), Symbol.for("babylon.settings.error"), { value: true });
    expect(isSettingsError(copy)).toBe(true);
  });

  test("never contains a secret, not even in its cause", () => {
    const cause = new Error("connect to redis://:hunter22@host failed with hunter22");
    const error = new SettingsError({
      code: "unavailable",
      message: "hunter22 was wrong",
      cause,
      secrets: ["hunter22"],
    });
    expect(JSON.stringify([error.message, error.cause, error.stack, { ...error }])).not.toContain("hunter22");
  });

  test("names the first invalid paths and counts the others", () => {
    const issues = ["a", "b", "c", "d"].map((path) => ({ path, message: "is wrong" }));
    expect(invalidSettings(issues).message).toBe("a: is wrong; b: is wrong; c: is wrong (and 1 more)");
  });
});
