import {
  type Attempt,
  type AttemptError,
  addUsage,
  type CallRecord,
  type Cost,
  UNKNOWN_USAGE,
  type Usage,
  wasRefused,
} from "@babylon/llm-core";

const DAYS = 30;
const DAY_MS = 86_400_000;
const CALLS_A_DAY = 90;

/** Share of calls, failures, typical latency and price per million tokens, input and output, of a provider in the past. */
const LINKS = [
  ["wandb", "meta-llama/Llama-3.3-70B-Instruct", 0.04, 900, 0.71, 0.71],
  ["groq", "openai/gpt-oss-120b", 0.02, 350, 0.15, 0.6],
  ["claude", "claude-sonnet-5-5", 0.01, 1_800, 3, 15],
  // Without a price, as for a model that no list has.
  ["openai", "gpt-6-luna", 0.01, 1_300, null, null],
] as const;
const AGENTS = [
  "market-maker",
  "reporter",
  "sceptic",
  "night-shift",
  "archivist",
  "cartographer",
  "auctioneer",
  "herald",
  "gardener",
  "scribe",
];
const TENANTS = ["harbour", "old-town", "university"];
const PURPOSES = ["chat", "article", "memory"];
const ERRORS: readonly AttemptError[] = [
  { code: "rate_limit", message: "the rate limit was reached", status: 429, retryAfterMs: 2_000 },
  { code: "server", message: "the provider failed", status: 503, retryAfterMs: null },
  { code: "timeout", message: "no answer in time", status: null, retryAfterMs: null },
];

type Random = () => number;

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() ** 1.4 * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** As the price list has it: what the vendor refused costs nothing, and what nobody reported is not known. */
function costOf(attempt: Attempt, input: number | null, output: number | null): Cost {
  const { inputTokens = null, outputTokens = null } = attempt.usage ?? {};
  const isKnown = inputTokens !== null && outputTokens !== null && input !== null && output !== null;
  const known = isKnown ? Math.round((inputTokens * input + outputTokens * output) * 1_000) : null;
  const nanoUsd = wasRefused(attempt) ? 0 : known;
  return {
    nanoUsd,
    lowNanoUsd: nanoUsd ?? 0,
    highNanoUsd: nanoUsd,
    currency: "USD",
    source: nanoUsd === null ? "none" : "list",
    effective: null,
  };
}

function attemptOf(random: Random, at: number, startedAt: number, failed: boolean): Attempt {
  const link = LINKS[at % LINKS.length] ?? LINKS[0];
  const [provider, model, , typicalMs, input, output] = link;
  const durationMs = Math.round(typicalMs * (0.5 + random() ** 3 * 4));
  // A failed attempt seldom says what it used; one of thirty successful ones does not either.
  const usage: Usage | undefined =
    failed || random() < 0.03
      ? undefined
      : {
          inputTokens: 300 + Math.floor(random() * 2_500),
          outputTokens: 40 + Math.floor(random() * 600),
          cachedInputTokens: random() < 0.3 ? 256 : 0,
          cacheWriteInputTokens: null,
          longCacheWriteInputTokens: null,
          reasoningTokens: null,
        };
  const attempt: Attempt = {
    number: at + 1,
    kind: at === 0 ? "first" : "fallback",
    provider,
    model,
    transport: "stream",
    endpoint: null,
    sent: true,
    startedAt,
    durationMs,
    firstTokenMs: failed ? null : Math.round(durationMs * 0.3),
    outcome: failed ? "failed" : "success",
    ...(failed ? { error: pick(random, ERRORS) } : {}),
    outputChars: failed ? 0 : 400,
    ...(usage === undefined ? {} : { usage }),
    requestId: `req_${Math.floor(random() * 1e9).toString(36)}`,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
  };
  return { ...attempt, cost: costOf(attempt, input, output) };
}

/** An invented call without content. */
export function recordOf(random: Random, startedAt: number, callId: string): CallRecord {
  const attempts: Attempt[] = [];
  const first = random() < 0.7 ? 0 : Math.floor(random() * LINKS.length);
  const end = () => attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  for (let at = first; at < LINKS.length; at += 1) {
    const chance = LINKS[at]?.[2] ?? 0;
    const failed = random() < chance * 2;
    attempts.push({
      ...attemptOf(random, at, startedAt + end(), failed),
      number: attempts.length + 1,
      kind: attempts.length === 0 ? "first" : "fallback",
    });
    if (!failed) break;
  }
  const last = attempts.at(-1);
  const answered = last?.outcome === "success" ? last : null;
  const cost = attempts.map((attempt) => attempt.cost?.nanoUsd ?? null);
  const low = attempts.reduce((sum, attempt) => sum + (attempt.cost?.lowNanoUsd ?? 0), 0);
  return {
    v: 1,
    callId,
    startedAt,
    durationMs: end(),
    firstTokenMs: answered?.firstTokenMs ?? null,
    outcome: answered === null ? "failed" : "success",
    ...(answered === null && last?.error !== undefined ? { error: last.error } : {}),
    agent: pick(random, AGENTS),
    purpose: pick(random, PURPOSES),
    tenant: pick(random, TENANTS),
    unit: null,
    metadata: null,
    options: {},
    provider: answered?.provider ?? null,
    model: answered?.model ?? null,
    responseId: null,
    finishReason: answered === null ? null : "stop",
    attempts,
    totalUsage: attempts.map(({ usage }) => usage ?? UNKNOWN_USAGE).reduce(addUsage),
    cost: {
      nanoUsd: cost.includes(null) ? null : low,
      lowNanoUsd: low,
      highNanoUsd: cost.includes(null) ? null : low,
      currency: "USD",
      source: cost.includes(null) ? "none" : "list",
      effective: null,
    },
    seams: [],
    warnings: [],
    settingsVersion: null,
  };
}

/** Records of 30 days before `now`, oldest first, so that the pages have a past to show. Invented: no call was made. */
export function simulatedHistory(now: number, random: Random): readonly CallRecord[] {
  const records: CallRecord[] = [];
  for (let day = DAYS; day > 0; day -= 1) {
    const count = Math.round(CALLS_A_DAY * (0.6 + random() * 0.6));
    for (let at = 0; at < count; at += 1) {
      const startedAt = Math.floor(now - day * DAY_MS + random() * (DAY_MS - 60_000));
      records.push(recordOf(random, startedAt, `simulated-${day}-${at}`));
    }
  }
  return records;
}
