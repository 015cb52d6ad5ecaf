import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("the custom provider serves while it is available, then the chain does", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines[0]).toMatch(/simulator/);
  expect(lines[1]).toBe('oracle: You ask "Will it rain?" The tide knows.');
  expect(lines[2]).toMatch(/^The oracle has gone/);
  expect(new Set(lines.slice(3, -1))).toEqual(new Set(["oracle: failed (network)"]));
  expect(lines.at(-1)).toBe("wandb: answered");
}, 60_000);
