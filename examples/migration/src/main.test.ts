import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("the older class and the new client use the same settings", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines[0]).toMatch(/simulator/);
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^Before: (buy|sell); wandb would answer the next call, 1 so far$/),
    "Before: the model for W&B is openai/gpt-oss-120b now",
    expect.stringMatching(/^After: (buy|sell); wandb answered with openai\/gpt-oss-120b at attempt 1$/),
    "After: version 2 of the settings by migration: back to the default",
  ]);
}, 60_000);
