import { createBabylonLLM } from "@babylon/llm";
import type { Attempt, CallRecord, LLMClientOptions, SystemSettings } from "@babylon/llm-core";
import { type ProviderSimulator, type RecordedRequest, startProviderSimulator } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { toFaultRule } from "../cli/open-tick-backend.ts";
import { FAULT_KINDS, type FaultName, type RequestedFault } from "../cli/parse-faults.ts";
import { PROVIDERS, type ProviderId } from "../cli/providers.ts";
import { loadWorld } from "../world/load-world.ts";
import type { World } from "../world/world.ts";
import { executeGameTick, type GameTickOptions } from "./execute-game-tick.ts";
import type { TickEvent } from "./tick-event.ts";
import type { TickResult } from "./tick-result.ts";

const city = await loadWorld();

/** Three characters without positions, three questions, no posts: every stage of a tick in 13 calls. */
const hamlet: World = {
  ...city,
  characters: city.characters.slice(0, 3).map((character) => ({ ...character, positions: [] })),
  questions: city.questions.slice(0, 3),
  posts: [],
};

const NO_SETTINGS: SystemSettings = { order: null, providers: {}, agents: {} };

interface Run {
  readonly result: TickResult;
  readonly records: readonly CallRecord[];
  readonly requests: readonly RecordedRequest[];
}

/** One tick against its own simulator, with short limits for dead providers. */
async function run(
  faults: readonly RequestedFault[],
  options: Partial<GameTickOptions> = {},
  client: Partial<LLMClientOptions> = {},
): Promise<Run> {
  await using simulator = await startProviderSimulator({ faults: faults.map(toFaultRule), recordBodies: false });
  const records: CallRecord[] = [];
  const settings = options.settings ?? NO_SETTINGS;
  const llm = await createBabylonLLM({
    env: simulator.env,
    settings,
    timeouts: { firstTokenMs: 1_500, idleMs: 1_500, attemptMs: 2_500, totalMs: null },
    retry: { baseDelayMs: 1, maxRetryAfterMs: 50 },
    breaker: { consecutiveFailures: 2, coolDownMs: 60_000 },
    recorders: [(record) => void records.push(record)],
    ...client,
  });
  try {
    const result = await executeGameTick({ llm, settings, world: hamlet, agents: 1, budgetMs: 20_000, ...options });
    return { result, records, requests: [...simulator.requests] };
  } finally {
    await llm.close();
    expectTruth(simulator, records);
  }
}

/** The requests that the providers received are exactly the sent attempts of all records. */
function expectTruth(simulator: ProviderSimulator, records: readonly CallRecord[]): void {
  const sent = records.flatMap(({ callId, attempts }) =>
    attempts.filter((attempt) => attempt.sent).map(({ provider }: Attempt) => `${callId} ${provider}`),
  );
  const seen = simulator.requests.map(({ callId, provider }) => `${callId} ${provider}`);
  expect(sent.sort()).toEqual(seen.sort());
}

function expectWhole({ result }: Run, world: World, agents: number): void {
  expect(result.lost).toEqual([]);
  expect(result.undecided).toEqual([]);
  expect(result.decisions.map((decision) => decision.characterId)).toEqual(world.characters.map(({ id }) => id));
  expect(result.posts).toHaveLength(Math.min(8, world.characters.length));
  expect(result.articles).toHaveLength(Math.min(10, world.questions.length));
  expect(result.questions).toHaveLength(3);
  expect(result.agents).toHaveLength(agents);
  for (const { plan, trade, reply } of result.agents) expect([plan, trade, reply]).not.toContain(null);
  expect(result.durationMs).toBeLessThan(result.budgetMs);
}

test("all characters: 82 calls, 64 decisions in order, every call served by the first provider", async () => {
  const events: TickEvent[] = [];
  // The first calls of the file also load the SDK: without faults the limits are the client's defaults.
  const options = { world: city, agents: 20, onProgress: (event: TickEvent) => events.push(event) };
  const done = await run([], options, { timeouts: {} });
  expectWhole(done, city, 20);
  expect(done.result.calls).toBe(82);
  expect(done.records).toHaveLength(82);
  expect(new Set(done.requests.map(({ provider }) => provider))).toEqual(new Set(["wandb"]));
  const purposes = Map.groupBy(done.records, (record) => record.purpose);
  expect([...purposes].map(([purpose, calls]) => [purpose, calls.length]).sort()).toEqual([
    ["agents", 60],
    ["articles", 10],
    ["decisions", 1],
    ["posts", 8],
    ["questions", 3],
  ]);
  expect(events.filter(({ type }) => type === "call-served")).toHaveLength(82);
  expect(events.filter(({ type }) => type === "attempt")).toHaveLength(done.requests.length);
});

test("the decision batch gets the next free slot of a provider", async () => {
  const { requests } = await run([], { world: city, agents: 0 }, { maxConcurrency: 1 });
  const place = requests.findIndex(({ callId }) => callId?.endsWith(".decisions.all"));
  // One post may have been sent just before; none of the seven that were queued with the batch may be.
  expect(place).toBeGreaterThanOrEqual(0);
  expect(place).toBeLessThanOrEqual(1);
});

/** Every set of one to three of the four providers. */
const DOWN: readonly (readonly ProviderId[])[] = Array.from({ length: 14 }, (_, index) =>
  PROVIDERS.filter((_provider, bit) => ((index + 1) >> bit) & 1).map(({ id }) => id),
);

/** Faults that are detected at once, and faults that are detected at a time limit. */
const QUICK: readonly RequestedFault["fault"][] = [503, 500, 429, 401, ...FAULT_KINDS.filter((kind) => !isSlow(kind))];
const SLOW: readonly RequestedFault["fault"][] = FAULT_KINDS.filter(isSlow);

function isSlow(kind: FaultName): boolean {
  return kind === "hang" || kind === "slow" || kind === "stall";
}

async function expectNothingLost(down: readonly ProviderId[], fault: RequestedFault["fault"]): Promise<void> {
  const done = await run(down.map((provider) => ({ provider, fault })));
  expectWhole(done, hamlet, 1);
  // An answer of the wrong shape is not a fault if no schema was requested.
  if (fault === "wrong-shape") return;
  const served = new Set(done.records.map(({ provider }) => provider));
  expect(
    down.filter((provider) => served.has(provider)),
    String(fault),
  ).toEqual([]);
}

test.concurrent.each(DOWN.map((down) => [down.join(", "), down] as const))(
  "with %s down in any way, no call fails",
  async (_, down) => {
    const slow = Promise.all(SLOW.map((fault) => expectNothingLost(down, fault)));
    for (const fault of QUICK) await expectNothingLost(down, fault);
    await slow;
  },
  60_000,
);

test("no call fails with different faults at the same time", async () => {
  const done = await run([
    { provider: "wandb", fault: "hang" },
    { provider: "groq", fault: "malformed" },
    { provider: "claude", fault: 529 },
  ]);
  expectWhole(done, hamlet, 1);
  expect(new Set(done.records.map(({ provider }) => provider))).toEqual(new Set(["openai"]));
});

test("with all four down every call fails with its error, and the tick ends", async () => {
  const done = await run(PROVIDERS.map(({ id }) => ({ provider: id, fault: "html" })));
  expect(done.result.lost).toHaveLength(13);
  expect(done.result.lost.map(({ what }) => what)).toContain("decisions of 3 characters");
  for (const { code, message } of done.result.lost) {
    expect(code).toBe("all_failed");
    expect(message).not.toBe("");
  }
  expect(done.result.undecided).toEqual(hamlet.characters.map(({ id }) => id));
  expect(done.result.agents).toEqual([expect.objectContaining({ plan: null, trade: null, reply: null, sources: [] })]);
});

test("the budget is the deadline of every call", async () => {
  const limits = { timeouts: { firstTokenMs: null, idleMs: null, attemptMs: null, totalMs: null } };
  const faults = PROVIDERS.map(({ id }) => ({ provider: id, fault: "hang" as const }));
  const { result } = await run(faults, { budgetMs: 300 }, limits);
  expect(result.lost.map(({ code }) => code)).toContain("deadline");
  expect(result.lost).toHaveLength(13);
  expect(result.durationMs).toBeLessThan(300 + 1_000);
});

test("an abort ends the tick with the signal's reason, and no call continues", async () => {
  await using simulator = await startProviderSimulator({ faults: [{ provider: "wandb", fault: { kind: "hang" } }] });
  const records: CallRecord[] = [];
  await using llm = await createBabylonLLM({
    env: simulator.env,
    settings: NO_SETTINGS,
    recorders: [(record) => void records.push(record)],
  });
  const stop = new AbortController();
  const tick = executeGameTick({ llm, settings: NO_SETTINGS, world: hamlet, abortSignal: stop.signal });
  const ended = expect(tick).rejects.toBeDefined();
  await simulator.waitForRequest();
  stop.abort(new Error("enough"));
  await ended;
  await llm.close();
  expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => "aborted"));
  expect(records.length).toBeGreaterThan(0);
});

test("the W&B model of the settings is sent, and a change applies to the next call", async () => {
  let model = "meta-llama/Llama-3.1-8B-Instruct";
  const settings = { get: async () => ({ value: { ...NO_SETTINGS, providers: { wandb: { model } } }, version: 3 }) };
  const events: TickEvent[] = [];
  const onProgress = (event: TickEvent): void => {
    events.push(event);
    if (event.type === "stage-started" && event.stage === "articles") model = "openai/gpt-oss-120b";
  };
  const { result, records } = await run([], { settings, onProgress });
  expect(result.wandbModel).toBe("meta-llama/Llama-3.1-8B-Instruct");
  expect(events[0]).toEqual({ type: "settings", wandbModel: result.wandbModel, version: 3 });
  const models = Map.groupBy(records, ({ purpose }) => purpose);
  expect(new Set(models.get("posts")?.map((record) => record.model))).toEqual(new Set([result.wandbModel]));
  expect(new Set(models.get("agents")?.map((record) => record.model))).toEqual(new Set(["openai/gpt-oss-120b"]));
});

test("the settings of an agent apply to that agent only", async () => {
  const agents = Object.fromEntries(hamlet.characters.map(({ id }) => [id, { provider: "claude" }]));
  const settings: SystemSettings = { order: null, providers: {}, agents };
  const { records } = await run([], { settings });
  const providers = Map.groupBy(records, ({ purpose }) => purpose);
  expect(new Set(providers.get("agents")?.map(({ provider }) => provider))).toEqual(new Set(["claude"]));
  expect(new Set(providers.get("posts")?.map(({ provider }) => provider))).toEqual(new Set(["wandb"]));
});

test("the same seed gives the same tick, a different seed a different one", async () => {
  const products = ({ posts, articles, agents }: TickResult) => [
    posts.map((post) => post.author),
    articles.map((article) => article.question),
    agents.map((turn) => turn.agent),
  ];
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((seed) => run([], { world: city, agents: 5, seed }).then(({ result }) => result)),
  );
  if (one === undefined || same === undefined || other === undefined) throw new Error("three ticks");
  expect(products(one)).toEqual(products(same));
  expect(products(one)).not.toEqual(products(other));
});

test("with more agents than characters, characters are reused under other ids", async () => {
  const { result } = await run([], { agents: 7 });
  const ids = result.agents.map(({ agent }) => agent);
  expect(new Set(ids).size).toBe(7);
  expect(ids.slice(3, 6)).toEqual(ids.slice(0, 3).map((id) => `${id}-2`));
});
