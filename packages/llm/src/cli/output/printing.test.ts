import { describe, expect, test } from "vitest";
import { defaultProviders } from "../../default-providers.ts";
import { formatTable } from "./format-table.ts";
import { collectSecrets, hideSecrets } from "./hide-secrets.ts";
import { createStyles, wantsColour } from "./styles.ts";

describe("colours", () => {
  test.each([
    ["a terminal", true, {}, true],
    ["not a terminal", false, {}, false],
    ["unknown", undefined, {}, false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
  ])("%s", (_, isTTY, env, expected) => {
    expect(wantsColour({ isTTY }, env)).toBe(expected);
  });

  test("without colours a text is unchanged", () => {
    const { bold, dim, good, bad, warning } = createStyles(false);
    expect([bold, dim, good, bad, warning].map((style) => style("x"))).toEqual(["x", "x", "x", "x", "x"]);
    expect(createStyles(true).good("x")).toBe("\u001B[32mx\u001B[39m");
  });
});

test("columns are aligned without counting colour codes", () => {
  const { good } = createStyles(true);
  expect(formatTable([["a", "b", "c"], [good("long"), "", "d"], ["e"]])).toEqual([
    "a     b  c",
    `${good("long")}     d`,
    "e",
  ]);
  expect(formatTable([])).toEqual([]);
  const numbers = [
    ["a", "10"],
    ["bb", good("9")],
  ];
  expect(formatTable(numbers, (column) => column === 1)).toEqual(["a   10", `bb   ${good("9")}`]);
});

test("keys and the password of the settings URL, encoded and decoded, are secrets; short ones are not", () => {
  const env = { WANDB_API_KEY: "a-key-of-mine", GROQ_API_KEY: " other-key ", OPENAI_API_KEY: "x" };
  const secrets = collectSecrets(env, defaultProviders(), "redis://user:p%40ssword@host");
  expect(secrets).toEqual(["a-key-of-mine", "other-key", "p%40ssword", "p@ssword"]);
  expect(hideSecrets("a-key-of-mine and p@ssword, x", secrets)).toBe("[redacted] and [redacted], x");
});
