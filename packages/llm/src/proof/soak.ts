import {
  type CallRecord,
  createLLMClient,
  type Env,
  isLLMError,
  type LLMClient,
  type TextResult,
} from "@babylon/llm-core";
import {
  createSeededRandom,
  type FaultRule,
  memorySlots,
  recordingObserver,
  SIMULATED_PROVIDERS,
  type SpawnedSimulator,
  spawnProviderSimulator,
} from "@babylon/llm-testing";
import { defaultProviders } from "../default-providers.ts";
import { callIdOf, createCallTally, createCountingGate } from "./soak-counters.ts";
import { soakFaults } from "./soak-faults.ts";

/** Options of {@link runSoak}. */
export interface SoakOptions {
  readonly calls: number;
  readonly concurrency: number;
  readonly seed: number;
  /** Runs the garbage collector; without it the heap is not measured. */
  readonly collect?: (() => void) | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The result of a soak. */
export interface SoakReport {
  readonly calls: number;
  readonly attempts: number;
  readonly durationMs: number;
  /** Failed calls with an untried link: neither the call nor a shared probe tried it. */
  readonly lost: number;
  /** Failed on every link, before or after emitted text. */
  readonly unservable: number;
  /** Streams that broke off after text was shown and were not started again, although a link that they had not tried was in use. */
  readonly interrupted: number;
  readonly cancelled: number;
  /** Calls with less time than an answer takes that ended without one. */
  readonly hurried: number;
  /** Calls that settled more than 50 ms after their deadline, excluding the lag of the event loop. */
  readonly hung: number;
  /** Answers that differ from the text for the same prompt without faults. */
  readonly corrupted: number;
  /** Requests at the servers that are not attempts of the call's record. */
  readonly unaccounted: number;
  readonly requests: number;
  /** After `close()`: calls and attempts without `end`, permits that were not settled exactly once, held leases. */
  readonly open: number;
  /** The difference between observed and recorded attempts. */
  readonly unobserved: number;
  /** At the end, with every provider down: parallel calls, and their requests at the servers. */
  readonly storm: { readonly calls: number; readonly requests: number };
  /** After garbage collection, bytes: at the end of the second and of the last quarter. */
  readonly heap: { readonly second: number; readonly last: number } | null;
}

const PROMPTS = 40;
const TOTAL_MS = 20_000;
/** One call in so many has less time than an answer takes. */
const HURRIED = 25;
const HURRY_MS = 60;
const STORM_CALLS = 500;

const promptOf = (number: number): string => `Item ${number % PROMPTS} of the evening paper?`;

/** What each provider answers to each prompt when nothing breaks. */
async function healthyTexts(seed: number): Promise<Map<string, string>> {
  await using server = await spawnProviderSimulator({ seed });
  await using llm = createLLMClient({ providers: defaultProviders(), env: { ...server.env }, maxConcurrency: 16 });
  const texts = new Map<string, string>();
  for (const provider of SIMULATED_PROVIDERS) {
    const ask = async (number: number): Promise<void> => {
      const { text } = await llm.generateText({ prompt: promptOf(number), provider, transport: "json" });
      texts.set(`${provider} ${number}`, text);
    };
    await Promise.all(Array.from({ length: PROMPTS }, (_, number) => ask(number)));
  }
  return texts;
}

/** Two servers of two providers each, so that one can be restarted while the other serves. */
async function startServers(
  seed: number,
  faults: readonly FaultRule[],
): Promise<{ servers: readonly SpawnedSimulator[]; env: Env }> {
  const [a, b] = await Promise.all([
    spawnProviderSimulator({ seed, faults }),
    spawnProviderSimulator({ seed, faults }),
  ]);
  const { WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL } = a.env;
  return { servers: [a, b], env: { ...b.env, WANDB_API_KEY, WANDB_BASE_URL, GROQ_API_KEY, GROQ_BASE_URL } };
}

/** Makes calls at once while every provider is down. Returns the requests that servers saw. */
async function countStorm(llm: LLMClient, servers: readonly SpawnedSimulator[]): Promise<number> {
  for (const server of servers) {
    await server.reset();
    for (const provider of SIMULATED_PROVIDERS) await server.setFault(provider, { kind: "status", status: 503 });
  }
  const calls = Array.from({ length: STORM_CALLS }, (_, number) =>
    llm.generateText({ prompt: promptOf(number), purpose: "storm", transport: "json" }),
  );
  await Promise.allSettled(calls);
  let requests = 0;
  for (const server of servers) requests += (await server.requests()).length;
  return requests;
}

/** Whether a call failed because every provider failed. */
function wasUnservable(thrown: unknown, llm: LLMClient): boolean {
  if (isLLMError(thrown, "all_failed")) {
    return new Set(thrown.errors.map(({ provider }) => provider)).size === SIMULATED_PROVIDERS.length;
  }
  if (!isLLMError(thrown, "interrupted")) return false;
  const tried = new Set(thrown.attempts.map(({ provider }) => provider));
  return llm.health().every(({ provider, state }) => tried.has(provider) || state !== "closed");
}

/**
 * Makes calls with random faults on three in ten requests of every provider, with restarted servers and aborting callers, and counts
 * violations.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { calls, concurrency, seed, collect, onProgress } = options;
  const random = createSeededRandom(seed);
  const healthy = await healthyTexts(seed);
  const { servers, env } = await startServers(seed, soakFaults(SIMULATED_PROVIDERS));
  const attempted = createCallTally(calls);
  const seen = createCallTally(calls);
  let attempts = 0;
  let requests = 0;
  let recorded = 0;
  const observer = recordingObserver({ keep: false });
  const slots = memorySlots();
  const { gate, unsettled } = createCountingGate();
  const tallyRecord = (record: CallRecord): void => {
    recorded += record.attempts.length;
    if (record.purpose === "storm") return;
    attempts += record.attempts.length;
    for (const { provider } of record.attempts) attempted.add(record.callId, provider);
  };
  async function tallyRequests(server: SpawnedSimulator): Promise<void> {
    for (const { endpoint, provider, callId } of await server.requests()) {
      if (endpoint !== "chat") continue;
      requests += 1;
      seen.add(callId, provider);
    }
  }

  try {
    const llm = createLLMClient({
      providers: defaultProviders(),
      env,
      random,
      recorders: [tallyRecord],
      observers: [observer],
      gates: [gate],
      slots,
      timeouts: { firstTokenMs: 500, idleMs: 500, attemptMs: 600, totalMs: TOTAL_MS },
      retry: { baseDelayMs: 20, maxDelayMs: 100 },
      breaker: { coolDownMs: 200, maxCoolDownMs: 1_000, maxRestMs: 50 },
      maxResponseBytes: 128 * 1024,
    });

    const totals = { lost: 0, unservable: 0, interrupted: 0, cancelled: 0, hurried: 0, hung: 0, corrupted: 0 };
    let done = 0;
    let lateMs = 0;
    let lastTick = performance.now();
    const lag = setInterval(() => {
      const now = performance.now();
      lateMs = Math.max(0, now - lastTick - 10);
      lastTick = now;
    }, 10);

    const check = (number: number, result: TextResult): void => {
      if (result.text !== healthy.get(`${result.provider} ${number % PROMPTS}`)) totals.corrupted += 1;
    };
    async function callOnce(number: number): Promise<void> {
      const givesUp = random() < 0.01;
      const hurries = number % HURRIED === 3;
      const totalMs = hurries ? HURRY_MS : TOTAL_MS;
      const controller = new AbortController();
      const timer = givesUp ? setTimeout(() => controller.abort(), random() * 200) : undefined;
      const startedAt = performance.now();
      try {
        const prompt = promptOf(number);
        const common = { prompt, callId: callIdOf(number), abortSignal: controller.signal, timeouts: { totalMs } };
        if (number % 5 === 0) {
          const stream = llm.streamText({ ...common, onInterrupted: "restart" });
          for await (const event of stream) if (event.type === "finish") check(number, event.result);
        } else check(number, await llm.generateText({ ...common, transport: number % 2 === 0 ? "json" : "stream" }));
      } catch (thrown) {
        if (isLLMError(thrown, "aborted") && controller.signal.aborted) totals.cancelled += 1;
        else if (hurries) totals.hurried += 1;
        else if (wasUnservable(thrown, llm)) totals.unservable += 1;
        else if (isLLMError(thrown, "interrupted")) totals.interrupted += 1;
        else totals.lost += 1;
      } finally {
        clearTimeout(timer);
        // Delays below the lag of the event loop are not counted.
        if (!hurries && performance.now() - startedAt > totalMs + 50 + lateMs) totals.hung += 1;
        done += 1;
        onProgress?.(done, calls);
      }
    }

    let next = 0;
    const startedAt = performance.now();
    async function worker(until: number): Promise<void> {
      while (next < until) {
        const number = next;
        next += 1;
        await callOnce(number);
      }
    }
    const quarters: number[] = [];
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      const until = Math.round((calls * quarter) / 4);
      const restart = async (): Promise<void> => {
        const server = servers[quarter % 2];
        if (server === undefined) return;
        await tallyRequests(server);
        await server.restart();
      };
      await Promise.all([restart(), ...Array.from({ length: concurrency }, () => worker(until))]);
      collect?.();
      quarters.push(process.memoryUsage().heapUsed);
    }
    clearInterval(lag);
    const durationMs = performance.now() - startedAt;
    for (const server of servers) await tallyRequests(server);
    const storm = { calls: STORM_CALLS, requests: await countStorm(llm, servers) };
    await llm.close();
    observer.verify();
    const { callsBegun, callsEnded, attemptsBegun, attemptsEnded } = observer.counts();
    const open = callsBegun - callsEnded + (attemptsBegun - attemptsEnded) + unsettled() + slots.held();
    const unobserved = Math.abs(attemptsEnded - recorded);

    let unaccounted = 0;
    for (const [at, count] of seen.counts.entries()) unaccounted += Math.max(0, count - (attempted.counts[at] ?? 0));
    const heap = collect === undefined ? null : { second: quarters[1] ?? 0, last: quarters[3] ?? 0 };
    return { calls, attempts, durationMs, ...totals, unaccounted, open, unobserved, requests, storm, heap };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}
