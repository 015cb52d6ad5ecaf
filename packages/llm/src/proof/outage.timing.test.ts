import { type CallRecord, createLLMClient, isLLMError } from "@babylon/llm-core";
import { type SpawnedSimulator, spawnProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultProviders } from "../default-providers.ts";

const CALLS_A_SECOND = 1_000;
const TICK_MS = 20;

let first: SpawnedSimulator;
let second: SpawnedSimulator;
beforeAll(async () => {
  [first, second] = await Promise.all([spawnProviderSimulator(), spawnProviderSimulator({ seed: 2 })]);
});
afterAll(() => Promise.all([first.close(), second.close()]));

it("no call is lost while one of two servers is killed, frozen, resumed and restarted at 1,000 calls a second", async () => {
  const records: CallRecord[] = [];
  const { WANDB_API_KEY, WANDB_BASE_URL } = first.env;
  const { GROQ_API_KEY, GROQ_BASE_URL } = second.env;
  const llm = createLLMClient({
    providers: defaultProviders(),
    env: { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL },
    maxConcurrency: Number.POSITIVE_INFINITY,
    // Long enough for a busy machine.
    timeouts: { firstTokenMs: 2_000, idleMs: 2_000, attemptMs: 2_000, totalMs: 20_000 },
    retry: { baseDelayMs: 10 },
    breaker: { coolDownMs: 100, maxCoolDownMs: 200 },
    recorders: [(record) => void records.push(record)],
  });
  for (const provider of ["wandb", "groq"]) await llm.generateText({ prompt: "Warm up.", provider });
  records.length = 0;

  const lost: string[] = [];
  const running = new Set<Promise<unknown>>();
  let made = 0;
  const call = (): void => {
    made += 1;
    const settled = llm
      .generateText({ prompt: `News item ${made}?`, transport: "json" })
      .catch((error: unknown) => lost.push(isLLMError(error) ? error.message : String(error)))
      .finally(() => running.delete(settled));
    running.add(settled);
  };
  let owed = 0;
  let last = performance.now();
  const load = setInterval(() => {
    const now = performance.now();
    owed += ((now - last) * CALLS_A_SECOND) / 1_000;
    last = now;
    // A slow machine does not catch up on missed calls at once.
    owed = Math.min(owed, (4 * TICK_MS * CALLS_A_SECOND) / 1_000);
    for (; owed >= 1; owed -= 1) call();
  }, TICK_MS);

  /** Waits until the given number of further calls have been made. */
  const more = async (calls: number): Promise<void> => {
    const until = made + calls;
    while (made < until) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  };
  try {
    await more(300);
    await first.kill();
    await more(500);
    await first.restart();
    await more(500);
    first.freeze();
    await more(500);
    first.resume();
    await more(500);
    await second.kill();
    await more(300);
    await second.restart();
    await more(300);
    second.freeze();
    await more(300);
    second.resume();
    await more(300);
  } finally {
    clearInterval(load);
  }
  await Promise.all(running);
  await llm.close();

  const served = new Map<string | null, number>();
  for (const { provider } of records) served.set(provider, (served.get(provider) ?? 0) + 1);
  const attempts = records.reduce((sum, record) => sum + record.attempts.length, 0);
  console.log(
    `outages: ${made} calls, ${attempts} attempts, served by ${[...served].map(([id, n]) => `${id} ${n}`).join(", ")}; ${lost.length} lost`,
  );
  expect(lost).toEqual([]);
  expect(records).toHaveLength(made);
  // Each server served while the other was down.
  expect(served.get("wandb")).toBeGreaterThan(500);
  expect(served.get("groq")).toBeGreaterThan(500);
}, 60_000);
