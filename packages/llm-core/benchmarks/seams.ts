/**
 * Measures the cost of unused extension points for a call: everything that `generateText` does for observers, gates, pricer and router, alone
 * in a loop. Nanoseconds a call, best of ten rounds: `node packages/llm-core/benchmarks/seams.ts`. A JSON call takes about 100,000.
 */

import type { Attempt } from "../src/contract/attempt.ts";
import { silentLogger, systemClock } from "../src/index.ts";
import { createObserving } from "../src/observe/observing.ts";
import { createPricing } from "../src/observe/pricing.ts";
import { createSeamGuard } from "../src/observe/seam-guard.ts";
import { createRouting } from "../src/plan/routing.ts";

const CALLS = 1_000_000;
const ROUNDS = 10;

const guard = createSeamGuard(systemClock, silentLogger);
const observing = createObserving([], guard);
const pricing = createPricing(undefined, guard);
const routing = createRouting(undefined, guard);
const gates: readonly unknown[] = [];
const settings = { order: null, providers: {}, agents: {} };
const options = { prompt: "Hello?" };
const unused = (): never => {
  throw new TypeError("unused error");
};
const attempt: Attempt = {
  number: 1,
  kind: "first",
  transport: "stream",
  endpoint: null,
  sent: true,
  provider: "a",
  model: "m",
  startedAt: 0,
  durationMs: 1,
  firstTokenMs: 1,
  outcome: "success",
  outputChars: 1,
  requestId: null,
  responseId: null,
  responseModel: null,
  serviceTier: null,
  speed: null,
  region: null,
};
let sent = 0;

function call(): void {
  const captured = observing.capture();
  const observed = observing.begin(unused, captured);
  routing.assign(settings, options, "c");
  if (pricing.prepare() !== null) return;
  if (gates.length > 0) return;
  const seen = observed.attempt(unused);
  seen.run(() => {
    sent += 1;
  });
  pricing.costOf(attempt, null);
  seen.end(attempt, unused);
  pricing.sum([attempt]);
  pricing.sum([attempt]);
}

let best = Number.POSITIVE_INFINITY;
for (let round = 0; round <= ROUNDS; round += 1) {
  const { user: from } = process.cpuUsage();
  for (let made = 0; made < CALLS; made += 1) call();
  best = Math.min(best, process.cpuUsage().user - from);
}
console.log(`${((best * 1_000) / CALLS).toFixed(0)} ns a call`);
if (sent !== CALLS * (ROUNDS + 1)) throw new Error(`${sent} sent`);
