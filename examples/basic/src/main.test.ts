import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("prints the answer of one call with its provider", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines[0]).toMatch(/simulator/);
  expect(lines[1]).toMatch(/^Chain: wandb \(.+\) -> groq \(.+\) -> claude \(.+\) -> openai \(.+\)$/);
  expect(lines[2]).not.toBe("");
  expect(lines[3]).toMatch(/^wandb, 1 attempt\(s\), \d+ tokens$/);
}, 60_000);
