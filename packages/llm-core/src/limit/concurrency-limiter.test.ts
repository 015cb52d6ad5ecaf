import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ConcurrencyLimiter,
  createConcurrencyLimiter,
  isQueued,
  type QueuedSlot,
  type Slot,
} from "./concurrency-limiter.ts";

const slotRequest = { priority: 0, agent: null };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Acquires a slot, and adds the name to `served` when it is granted. */
function ask(limiter: ConcurrencyLimiter, name: string, served: string[], priority = 0, agent: string | null = null) {
  const request = limiter.acquire({ priority, agent });
  const client: { slot: Slot | null; queued: QueuedSlot | null } = { slot: null, queued: null };
  if (isQueued(request)) {
    client.queued = request;
    void request.granted.then((slot) => {
      client.slot = slot;
      served.push(name);
    });
  } else {
    client.slot = request;
    served.push(name);
  }
  return client;
}

/** Serves the clients one after the other, and returns their order. */
async function serveAll(limiter: ConcurrencyLimiter, clients: readonly ReturnType<typeof ask>[]): Promise<void> {
  for (let turn = 0; turn <= clients.length; turn += 1) {
    await settle();
    clients.find(({ slot }) => slot !== null && limiter.active > 0)?.slot?.release();
    for (const client of clients) if (client.slot !== null) client.slot.release();
  }
}

it("never grants more slots than its limit, and grants one for each release", async () => {
  const limiter = createConcurrencyLimiter(2);
  const served: string[] = [];
  const clients = ["a", "b", "c", "d"].map((name) => ask(limiter, name, served));
  await settle();
  expect([served, limiter.active, limiter.queued]).toEqual([["a", "b"], 2, 2]);
  clients[1]?.slot?.release();
  await settle();
  expect([served, limiter.active, limiter.queued]).toEqual([["a", "b", "c"], 2, 1]);
});

it("release() is idempotent", () => {
  const limiter = createConcurrencyLimiter(1);
  const first = limiter.acquire(slotRequest);
  if (isQueued(first)) throw new Error("there was room");
  first.release();
  first.release();
  expect(limiter.active).toBe(0);
  expect(isQueued(limiter.acquire(slotRequest))).toBe(false);
  expect(isQueued(limiter.acquire(slotRequest))).toBe(true);
});

it("has no limit if that is Infinity", () => {
  const limiter = createConcurrencyLimiter(Number.POSITIVE_INFINITY);
  for (let call = 0; call < 1_000; call += 1) expect(isQueued(limiter.acquire(slotRequest))).toBe(false);
  expect(limiter.limit).toBe(Number.POSITIVE_INFINITY);
});

describe("the queue", () => {
  it.each<[string, readonly [string, number, string | null][], string]>([
    [
      "by arrival",
      [
        ["a", 0, null],
        ["b", 0, null],
        ["c", 0, null],
      ],
      "abc",
    ],
    [
      "by priority, then arrival",
      [
        ["a", 0, null],
        ["b", 5, null],
        ["c", -1, null],
        ["d", 5, null],
      ],
      "bdac",
    ],
    [
      "evenly among agents",
      [
        ["a", 0, "x"],
        ["b", 0, "x"],
        ["c", 0, "x"],
        ["d", 0, "y"],
        ["e", 0, "z"],
      ],
      "adebc",
    ],
    [
      "evenly among agents, those without one together",
      [
        ["a", 0, null],
        ["b", 0, null],
        ["c", 0, "y"],
      ],
      "acb",
    ],
    [
      "by priority before fairness",
      [
        ["a", 1, "x"],
        ["b", 1, "x"],
        ["c", 0, "y"],
      ],
      "abc",
    ],
  ])("goes %s", async (_, asks, order) => {
    const limiter = createConcurrencyLimiter(1);
    const served: string[] = [];
    const holder = ask(limiter, "", served);
    const clients = [holder, ...asks.map(([name, priority, agent]) => ask(limiter, name, served, priority, agent))];
    await serveAll(limiter, clients);
    expect(served.join("")).toBe(order);
    expect([limiter.active, limiter.queued]).toEqual([0, 0]);
  });

  it("gives the next slot to the agent with the fewest calls in flight", async () => {
    const limiter = createConcurrencyLimiter(3);
    const served: string[] = [];
    const [first] = ["x1", "x2", "y1"].map((name) => ask(limiter, name, served, 0, name[0] ?? null));
    for (const name of ["x3", "y2", "y3"]) ask(limiter, name, served, 0, name[0] ?? null);
    first?.slot?.release();
    await settle();
    // x and y have one slot each: the one that waited longer is served first; then y has fewer.
    expect(served.slice(3)).toEqual(["x3"]);
  });

  it("skips a canceled request", async () => {
    const limiter = createConcurrencyLimiter(1);
    const served: string[] = [];
    const [holder, quitter, last] = ["holder", "quitter", "last"].map((name) => ask(limiter, name, served));
    quitter?.queued?.cancel();
    quitter?.queued?.cancel();
    expect(limiter.queued).toBe(1);
    holder?.slot?.release();
    await settle();
    expect(served).toEqual(["holder", "last"]);
    last?.slot?.release();
    expect([limiter.active, limiter.queued]).toEqual([0, 0]);
  });

  it("loses no slot to a request that is canceled while it is granted", async () => {
    const limiter = createConcurrencyLimiter(1);
    const served: string[] = [];
    const [holder, quitter, last] = ["holder", "quitter", "last"].map((name) => ask(limiter, name, served));
    holder?.slot?.release();
    quitter?.queued?.cancel();
    await settle();
    expect(served).toContain("last");
    expect(limiter.active).toBe(1);
    last?.slot?.release();
    expect(limiter.active).toBe(0);
  });
});

describe("the limit", () => {
  it("shrinks below the number of calls in flight when the provider refuses one", () => {
    const limiter = createConcurrencyLimiter(64);
    for (let call = 0; call < 20; call += 1) limiter.acquire(slotRequest);
    limiter.shrink();
    expect(limiter.limit).toBe(15);
  });

  it("never shrinks below one, and shrink() never raises it", () => {
    const limiter = createConcurrencyLimiter(2);
    limiter.acquire(slotRequest);
    for (let time = 0; time < 10; time += 1) limiter.shrink();
    expect(limiter.limit).toBe(1);
    expect(isQueued(limiter.acquire(slotRequest))).toBe(true);
  });

  it("shrinks from Infinity, too", () => {
    const limiter = createConcurrencyLimiter(Number.POSITIVE_INFINITY);
    for (let call = 0; call < 100; call += 1) limiter.acquire(slotRequest);
    limiter.shrink();
    expect(limiter.limit).toBe(75);
  });

  it("grows by one after as many successes as the limit, up to the maximum", () => {
    const limiter = createConcurrencyLimiter(8);
    for (let call = 0; call < 8; call += 1) limiter.acquire(slotRequest);
    limiter.shrink();
    const limits: number[] = [];
    for (let good = 0; good < 20; good += 1) {
      limiter.grow();
      limits.push(limiter.limit);
    }
    expect(limits).toEqual([6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8]);
  });

  it("grants a slot to a queued request when it grows", async () => {
    const limiter = createConcurrencyLimiter(2);
    limiter.acquire(slotRequest);
    limiter.acquire(slotRequest);
    limiter.shrink();
    const served: string[] = [];
    const waiting = ask(limiter, "next", served);
    expect(limiter.limit).toBe(1);
    limiter.grow();
    await settle();
    expect(limiter.limit).toBe(2);
    expect(waiting.slot).toBeNull();
  });
});

describe("against a model", () => {
  const action = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("acquire" as const),
        priority: fc.nat(2),
        agent: fc.constantFrom(null, "x", "y"),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("shrink" as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("grow" as const) }) },
  );

  interface Client {
    readonly number: number;
    readonly priority: number;
    readonly agent: string;
    readonly request: Slot | QueuedSlot;
    slot: Slot | null;
  }

  it("serves in the same order as the model: highest priority, then the agent with the fewest in flight, then arrival", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(action, { maxLength: 80, size: "max" }),
        async (maximum, actions) => {
          const limiter = createConcurrencyLimiter(maximum);
          const clients: Client[] = [];
          const running = new Set<number>();
          const waiting = new Set<number>();
          /** For each agent of each priority: when it was last served, or was queued first. */
          let turns: { priority: number; agent: string }[] = [];
          let limit = maximum;
          let good = 0;
          const of = (number: number) => clients[number] as Client;
          const inFlight = (agent: string) => [...running].filter((number) => of(number).agent === agent).length;
          const admit = () => {
            while (waiting.size > 0 && running.size < limit) {
              const priority = Math.max(...[...waiting].map((number) => of(number).priority));
              const ranked = turns.filter((turn) => turn.priority === priority);
              const fewest = Math.min(...ranked.map((turn) => inFlight(turn.agent)));
              const turn = ranked.find((each) => inFlight(each.agent) === fewest);
              const next = [...waiting].find(
                (number) => of(number).priority === priority && of(number).agent === turn?.agent,
              );
              if (turn === undefined || next === undefined) throw new Error("the model is wrong");
              waiting.delete(next);
              running.add(next);
              turns = turns.filter((each) => each !== turn);
              const more = [...waiting].some(
                (number) => of(number).priority === priority && of(number).agent === turn.agent,
              );
              if (more) turns.push(turn);
            }
          };
          for (const step of actions) {
            if (step.do === "acquire") {
              const request = limiter.acquire(step);
              const client: Client = {
                number: clients.length,
                priority: step.priority,
                agent: step.agent ?? "",
                request,
                slot: null,
              };
              clients.push(client);
              if (isQueued(request)) {
                void request.granted.then((slot) => {
                  client.slot = slot;
                });
                waiting.add(client.number);
                const { priority, agent } = client;
                if (!turns.some((turn) => turn.priority === priority && turn.agent === agent))
                  turns.push({ priority, agent });
              } else {
                client.slot = request;
                running.add(client.number);
              }
            } else if (step.do === "release") {
              const held = [...running];
              const number = held[step.at % Math.max(1, held.length)];
              if (number === undefined) continue;
              of(number).slot?.release();
              running.delete(number);
            } else if (step.do === "cancel") {
              const queue = [...waiting];
              const number = queue[step.at % Math.max(1, queue.length)];
              if (number === undefined) continue;
              const { request, priority, agent } = of(number);
              if (isQueued(request)) request.cancel();
              waiting.delete(number);
              const more = [...waiting].some((other) => of(other).priority === priority && of(other).agent === agent);
              if (!more) turns = turns.filter((turn) => turn.priority !== priority || turn.agent !== agent);
            } else if (step.do === "shrink") {
              limiter.shrink();
              limit = Math.max(1, Math.min(limit, Math.floor(running.size * 0.75)));
              good = 0;
            } else {
              limiter.grow();
              if (limit < maximum) {
                good += 1;
                if (good >= limit) {
                  limit += 1;
                  good = 0;
                }
              }
            }
            admit();
            await Promise.resolve().then(() => {});
            const served = clients.filter((client) => client.slot !== null && running.has(client.number)).length;
            const state = `${limiter.active} active, ${limiter.queued} queued, limit ${limiter.limit}, ${served} hold one`;
            const expected = `${running.size} active, ${waiting.size} queued, limit ${limit}, ${running.size} hold one`;
            if (state !== expected) expect(state).toBe(expected);
          }
          for (const number of running) of(number).slot?.release();
        },
      ),
      { numRuns: 200 },
    );
  });
});
