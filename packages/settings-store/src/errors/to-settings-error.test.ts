import { StorageError } from "@babylon/storage";
import { expect, test } from "vitest";
import { invalidOption } from "./settings-error.ts";
import { createToSettingsError } from "./to-settings-error.ts";

const toError = createToSettingsError("redis://host:6379", ["hunter22"]);

test("an error of a backend becomes a typed error with its location and without its secrets", () => {
  const cause = Object.assign(new Error("refused hunter22"), { code: "ECONNREFUSED" });
  const failed = toError(
    new StorageError({ message: "Redis: refused hunter22", applied: "no", retryable: false, cause }),
  );
  expect(failed).toMatchObject({
    code: "unavailable",
    retryable: false,
    message: "redis://host:6379: Redis: refused [redacted]",
    cause: { name: "Error", code: "ECONNREFUSED", message: "refused [redacted]" },
  });
  expect(toError(new StorageError({ message: "m", applied: "no", timedOut: true }))).toMatchObject({ code: "timeout" });
  expect(toError("hunter22")).toMatchObject({ code: "unavailable", message: "redis://host:6379: [redacted]" });
  const own = invalidOption("key", "is wrong");
  expect(toError(own)).toBe(own);
});
