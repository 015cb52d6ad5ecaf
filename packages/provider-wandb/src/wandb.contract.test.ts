import { startProviderSimulator } from "@babylon/llm-testing";
import { testProvider } from "@babylon/llm-testing/vitest";
import { expect, test } from "vitest";
import { attemptContext } from "../../provider-openai-compatible/src/test-support/attempt-context.ts";
import { wandb } from "./wandb.ts";

testProvider((options) => wandb(options), { wire: "wandb" });

test("the simulator serves every model of the data, so the contract suite tests all of them", async () => {
  await using simulator = await startProviderSimulator();
  const provider = wandb();
  const listed = await provider.listModels?.(attemptContext({ env: { ...simulator.env } }));
  const served = new Set(listed?.map(({ id }) => id));
  expect(provider.models.filter(({ id }) => !served.has(id))).toEqual([]);
});
