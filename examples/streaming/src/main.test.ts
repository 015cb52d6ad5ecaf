import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("an interrupted stream restarts on the next provider and completes", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines[0]).toMatch(/simulator/);
  expect(lines).toContain("[groq restarts the answer]");
  expect(lines.some((line) => /^\[wandb broke off after [1-9]\d* characters\]$/.test(line))).toBe(true);
  expect(lines.at(-2)).not.toBe("");
  expect(lines.at(-1)).toMatch(/^groq, first word after \d+ ms$/);
}, 60_000);
