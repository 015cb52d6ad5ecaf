import { createLLMClient } from "@babylon/llm-core";
import { type SpawnedSimulator, spawnProviderSimulator } from "@babylon/llm-testing";
import { contention, slowness } from "@babylon/llm-testing/vitest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultProviders } from "../default-providers.ts";

const AGENTS = 200;
/** On two otherwise idle cores of the reference machine. */
const UNTIL_HEALTHY_MS = 200;
/** Rounds of calls before the fault, as in a service that has run for a while. */
const WARM_UPS = 5;

let server: SpawnedSimulator;
beforeAll(async () => {
  server = await spawnProviderSimulator();
});
afterAll(() => server.close());

it("with W&B at 503 the first calls of 200 agents reach Groq within 200 ms", { retry: 3 }, async () => {
  // A retry of this test starts as the first run did.
  await server.clearFaults();
  const { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL } = server.env;
  await using llm = createLLMClient({
    providers: defaultProviders(),
    env: { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL },
    // With the default of 64, the time would include waiting for the answers of other agents.
    maxConcurrency: AGENTS,
  });
  for (let round = 0; round < WARM_UPS; round += 1) {
    for (const provider of ["wandb", "groq"]) {
      const calls = Array.from({ length: AGENTS }, () => llm.generateText({ prompt: "Warm up.", provider }));
      await Promise.all(calls);
    }
  }
  await server.setFault("wandb", { kind: "status", status: 503, headers: { "retry-after": null } });
  const before = contention();
  const untilMs = await Promise.all(
    Array.from({ length: AGENTS }, async (_, agent) => {
      const startedAt = performance.now();
      let reachedAt = Number.NaN;
      const result = await llm.generateText({
        prompt: `What is new, agent ${agent}?`,
        agent: `agent-${agent}`,
        onAttempt({ provider, durationMs }) {
          if (provider === "groq") reachedAt = performance.now() - durationMs;
        },
      });
      expect(result.provider).toBe("groq");
      return reachedAt - startedAt;
    }),
  );
  const slower = Math.max(before, contention()) * slowness();
  const last = Math.max(...untilMs);
  console.log(
    `quick fallback: ${AGENTS} agents, the last one at the healthy link after ${Math.round(last)} ms, on a machine ${slower.toFixed(1)} times slower than the reference machine alone`,
  );
  expect(last).toBeLessThan(UNTIL_HEALTHY_MS * slower);
});
