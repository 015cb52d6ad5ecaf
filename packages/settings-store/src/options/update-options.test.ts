import { describe, expect, test } from "vitest";
import { checkUpdateOptions, type UpdateOptions } from "./update-options.ts";

describe("the actor and reason of a change", () => {
  test.each<[what: string, options: UpdateOptions, path: string]>([
    ["an empty actor", { actor: "" }, "actor"],
    ["an actor with a line break", { actor: "ann\nroot" }, "actor"],
    ["an actor with a bidirectional control character", { actor: "ann\u202etoor" }, "actor"],
    ["a reason with a line separator", { reason: "why\u2028root: why not" }, "reason"],
    ["a reason with a zero-width space", { reason: "why\u200b" }, "reason"],
    ["a reason that is too long", { reason: "x".repeat(1_001) }, "reason"],
    ["a version with a fraction", { expectedVersion: 1.5 }, "expectedVersion"],
  ])("%s is rejected", (_, options, path) => {
    expect(() => checkUpdateOptions(options)).toThrow(expect.objectContaining({ code: "invalid", path }));
  });

  test("may be in any language", () => {
    expect(() => checkUpdateOptions({ actor: "Zoë 模型 👍", reason: "ü – „warum“" })).not.toThrow();
  });
});
