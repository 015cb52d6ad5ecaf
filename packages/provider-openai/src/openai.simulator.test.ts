import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attemptContext } from "../../provider-openai-compatible/fixtures/attempt-context.ts";
import { claimedRequests, problemOf } from "../../provider-openai-compatible/fixtures/claimed-requests.ts";
import { openai } from "./openai.ts";

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterAll(() => simulator.close());

const provider = openai();

test.each(provider.models.map(({ id }) => id))("%s takes everything that its data claims", async (id) => {
  const context = attemptContext({ env: { ...simulator.env } });
  const requests = claimedRequests(id, provider.capabilities(id));
  const problems = await Promise.all(requests.map((request) => problemOf(provider, request, context)));
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});

test("lists what is served, and knows all of it", async () => {
  const listed = await provider.listModels?.(attemptContext({ env: { ...simulator.env } }));
  const served = new Set(listed?.map(({ id }) => id));
  expect(provider.models.filter(({ id }) => !served.has(id))).toEqual([]);
});
