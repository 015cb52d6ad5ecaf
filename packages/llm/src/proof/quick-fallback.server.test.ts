import { createLLMClient } from "@babylon/llm-core";
import { type SpawnedSimulator, spawnProviderSimulator } from "@babylon/llm-testing";
import { contention } from "@babylon/llm-testing/vitest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultProviders } from "../default-providers.ts";

const AGENTS = 200;
/** On two otherwise idle cores. */
const UNTIL_HEALTHY_MS = 500;

let server: SpawnedSimulator;
beforeAll(async () => {
  server = await spawnProviderSimulator();
});
afterAll(() => server.close());

it("with W&B at 503 the first calls of 200 agents reach Groq within half a second", { retry: 3 }, async () => {
  const { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL } = server.env;
  await using llm = createLLMClient({
    providers: defaultProviders(),
    env: { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL },
  });
  // Warm-up: loads the SDK and compiles code.
  for (let time = 0; time < 50; time += 1) await llm.generateText({ prompt: "Warm up.", provider: "groq" });
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
  const slower = Math.max(before, contention());
  const last = Math.max(...untilMs);
  console.log(
    `quick fallback: ${AGENTS} agents, the last one at the healthy link after ${Math.round(last)} ms, on a machine ${slower.toFixed(1)} times slower than alone`,
  );
  expect(last).toBeLessThan(UNTIL_HEALTHY_MS * slower);
});
