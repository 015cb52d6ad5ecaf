import { createFakeClock, type FakeClock } from "@babylon/llm-testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Breaker, BreakerTicket } from "../contract/breaker.ts";
import type { LinkRef, LinkStateName } from "../contract/link.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { ERROR_POLICY } from "../errors/error-policy.ts";
import { LLMError } from "../errors/llm-error.ts";
import { DEFAULT_BREAKER } from "./breaker-config.ts";
import { createBreaker } from "./create-breaker.ts";

const link: LinkRef = { provider: "a", model: "m", credential: "k" };
const otherModel: LinkRef = { ...link, model: "m2" };
const otherKey: LinkRef = { ...link, credential: "k2" };
const otherProvider: LinkRef = { ...link, provider: "b" };
const errorOf = (code: LLMErrorCode, retryAfterMs: number | null = null) =>
  new LLMError({ code, message: `${code} as scripted`, retryAfterMs });

let clock: FakeClock;
let breaker: Breaker;
beforeEach(() => {
  clock = createFakeClock();
  breaker = createBreaker(DEFAULT_BREAKER, clock);
});

const attempt = (result: "success" | "released" | LLMError, on: LinkRef = link) =>
  breaker.end(breaker.begin(on), result);
const fail = (times: number, on: LinkRef = link) => {
  for (let time = 0; time < times; time += 1) attempt(errorOf("server"), on);
};
const stateOf = (on: LinkRef = link): LinkStateName => breaker.read(on).state;

describe("a link is closed at first, and", () => {
  it("opens after five failures in a row, for 5 s", () => {
    fail(4);
    expect(breaker.read(link)).toEqual({ state: "closed", untilMonoMs: null, why: null, code: null, probing: false });
    fail(1);
    expect(breaker.read(link)).toEqual({
      state: "open",
      untilMonoMs: 5_000,
      why: "server as scripted",
      code: "server",
      probing: false,
    });
  });

  it("restarts the count after a success", () => {
    fail(4);
    attempt("success");
    fail(4);
    expect(stateOf()).toBe("closed");
  });

  it("counts failures of attempts that ran at the same time", () => {
    const tickets = Array.from({ length: 5 }, () => breaker.begin(link));
    for (const ticket of tickets) breaker.end(ticket, errorOf("timeout"));
    expect(stateOf()).toBe("open");
  });

  it("opens when half of at least twenty calls within the window failed", async () => {
    for (let call = 0; call < 9; call += 1) {
      attempt("success");
      attempt(errorOf("server"));
    }
    attempt("success");
    expect(stateOf()).toBe("closed");
    attempt(errorOf("server"));
    expect(stateOf()).toBe("open");
  });

  it("does not count what is older than the window", async () => {
    for (let call = 0; call < 9; call += 1) {
      attempt("success");
      attempt(errorOf("server"));
    }
    await clock.advance(30_000);
    attempt("success");
    attempt(errorOf("server"));
    expect(stateOf()).toBe("closed");
  });

  it.each<[LLMErrorCode, LinkStateName]>([
    ["timeout", "open"],
    ["network", "open"],
    ["overloaded", "open"],
    ["server", "open"],
    ["invalid_response", "open"],
    ["truncated", "open"],
    ["interrupted", "open"],
    ["rate_limit", "resting"],
    ["context_length", "closed"],
    ["content_filter", "closed"],
    ["unsupported", "closed"],
    ["invalid_request", "closed"],
    ["schema_mismatch", "closed"],
    ["invalid_input", "closed"],
    ["closed", "closed"],
    ["aborted", "closed"],
    ["deadline", "closed"],
    ["no_provider", "closed"],
    ["all_failed", "closed"],
  ])("after a hundred times %s it is %s", (code, state) => {
    for (let time = 0; time < 100; time += 1) attempt(errorOf(code));
    expect(stateOf()).toBe(state);
  });

  it("is never opened by released attempts", () => {
    for (let time = 0; time < 100; time += 1) attempt("released");
    expect(stateOf()).toBe("closed");
  });

  it("keeps the count after a released attempt", () => {
    fail(4);
    attempt("released");
    fail(1);
    expect(stateOf()).toBe("open");
  });
});

describe("rate limits without a Retry-After", () => {
  const refused = () => attempt(errorOf("rate_limit"));

  it("rest the link for a second after five in a row", async () => {
    for (let time = 0; time < 4; time += 1) refused();
    expect(stateOf()).toBe("closed");
    refused();
    expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 1_000 });
    await clock.advance(1_000);
    expect(stateOf()).toBe("closed");
  });

  it("do not rest the link while others are served, and a success ends the rest", () => {
    for (let time = 0; time < 20; time += 1) {
      refused();
      if (time % 4 === 3) attempt("success");
    }
    expect(stateOf()).toBe("closed");
    for (let time = 0; time < 5; time += 1) refused();
    expect(stateOf()).toBe("resting");
    attempt("success");
    expect(stateOf()).toBe("closed");
  });

  it("a success does not end a rest that the provider requested", () => {
    for (let time = 0; time < 5; time += 1) refused();
    attempt(errorOf("rate_limit", 20_000));
    attempt("success");
    expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 20_000 });
  });
});

describe("errors that open a circuit at the first failure, for a long time:", () => {
  it.each<[LLMErrorCode, LinkRef, LinkStateName]>([
    ["auth", otherModel, "open"],
    ["permission", otherModel, "open"],
    ["quota", otherModel, "open"],
    ["model_not_found", otherModel, "closed"],
    ["auth", otherKey, "closed"],
    ["quota", otherKey, "closed"],
    ["auth", otherProvider, "closed"],
    ["model_not_found", otherKey, "closed"],
  ])("%s, and then %o is %s", (code, other, state) => {
    attempt(errorOf(code));
    expect(breaker.read(link)).toMatchObject({ state: "open", untilMonoMs: 300_000, code, why: `${code} as scripted` });
    expect(stateOf(other)).toBe(state);
  });

  it.each<LLMErrorCode>(["auth", "quota", "model_not_found"])("%s, again after each probe", async (code) => {
    attempt(errorOf(code));
    await clock.advance(300_000);
    expect(stateOf()).toBe("half-open");
    attempt(errorOf(code));
    expect(breaker.read(link)).toMatchObject({ state: "open", untilMonoMs: 600_000 });
    await clock.advance(300_000);
    attempt("success");
    expect(stateOf()).toBe("closed");
  });

  it("auth: several at once open once", async () => {
    const tickets = Array.from({ length: 5 }, () => breaker.begin(link));
    breaker.end(tickets[0] ?? breaker.begin(link), errorOf("auth"));
    await clock.advance(1_000);
    for (const ticket of tickets.slice(1)) breaker.end(ticket, errorOf("auth"));
    expect(breaker.read(link).untilMonoMs).toBe(300_000);
  });
});

describe("half-open", () => {
  beforeEach(async () => {
    fail(5);
    await clock.advance(5_000);
  });

  it("permits one probe", () => {
    expect(breaker.read(link)).toMatchObject({ state: "half-open", untilMonoMs: null, probing: false, code: "server" });
    breaker.begin(link);
    expect(breaker.read(link)).toMatchObject({ state: "half-open", probing: true });
  });

  it("closes when the probe succeeds, and clears the failures", () => {
    attempt("success");
    fail(4);
    expect(stateOf()).toBe("closed");
  });

  it.each<LLMErrorCode>(["context_length", "content_filter", "invalid_request", "unsupported", "schema_mismatch"])(
    "closes when the link answers the probe with %s",
    (code) => {
      attempt(errorOf(code));
      expect(stateOf()).toBe("closed");
    },
  );

  it("opens again when the probe fails, each time for twice as long, at most 10 s", async () => {
    const lengths: number[] = [];
    for (let probe = 0; probe < 5; probe += 1) {
      fail(1);
      const { untilMonoMs } = breaker.read(link);
      lengths.push((untilMonoMs ?? 0) - clock.monotonic());
      await clock.advance(lengths.at(-1) ?? 0);
      expect(stateOf()).toBe("half-open");
    }
    expect(lengths).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it.each([
    [0, 3_750],
    [0.25, 4_375],
    [0.5, 5_000],
    [0.999_999, 3_750],
  ])("with the random number %d it begins after %d ms: jitter only shortens a cool-down", (random, expected) => {
    breaker = createBreaker(DEFAULT_BREAKER, clock, () => random);
    fail(5);
    expect((breaker.read(link).untilMonoMs ?? 0) - clock.monotonic()).toBeCloseTo(expected, 0);
  });

  it("begins at 5 s again after a success", async () => {
    fail(1);
    await clock.advance(10_000);
    attempt("success");
    fail(5);
    expect(breaker.read(link).untilMonoMs).toBe(20_000);
  });

  it("permits another probe after the first one was released", () => {
    attempt("released");
    expect(breaker.read(link)).toMatchObject({ state: "half-open", probing: false });
    attempt("success");
    expect(stateOf()).toBe("closed");
  });

  it("rests when the probe meets a rate limit", () => {
    attempt(errorOf("rate_limit", 2_000));
    expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 7_000 });
  });
});

describe("results of attempts that began before the trip are ignored:", () => {
  it("a late success does not close", async () => {
    const early = breaker.begin(link);
    fail(5);
    breaker.end(early, "success");
    expect(stateOf()).toBe("open");
    await clock.advance(5_000);
    expect(stateOf()).toBe("half-open");
  });

  it("a late success does not close a credential", () => {
    const early = breaker.begin(link);
    attempt(errorOf("auth"));
    breaker.end(early, "success");
    expect(stateOf()).toBe("open");
  });

  it("a late failure does not lengthen", async () => {
    const early = breaker.begin(link);
    fail(5);
    await clock.advance(5_000);
    breaker.end(early, errorOf("server"));
    expect(stateOf()).toBe("half-open");
  });

  it("of two probes, the result of the second after the first has failed", () => {
    const early = breaker.begin(link);
    fail(5);
    const first = breaker.begin(link);
    const second = breaker.begin(link);
    breaker.end(first, errorOf("server"));
    breaker.end(second, "success");
    breaker.end(early, "success");
    expect(breaker.read(link)).toMatchObject({ state: "open", untilMonoMs: 10_000 });
  });
});

describe("a rate limit", () => {
  it("rests the link until the time the provider gave", async () => {
    attempt(errorOf("rate_limit", 1_500));
    expect(breaker.read(link)).toEqual({
      state: "resting",
      untilMonoMs: 1_500,
      why: "rate_limit as scripted",
      code: "rate_limit",
      probing: false,
    });
    expect([stateOf(otherModel), stateOf(otherKey)]).toEqual(["closed", "closed"]);
    await clock.advance(1_500);
    expect(stateOf()).toBe("closed");
  });

  it("without a time rests nothing", () => {
    attempt(errorOf("rate_limit"));
    expect(stateOf()).toBe("closed");
  });

  it.each([
    [2_000, 1_000],
    [1_000, 2_000],
  ])("the longer of two rests wins: %i and %i", (first, second) => {
    attempt(errorOf("rate_limit", first));
    breaker.rest(link, second, "no requests left");
    expect(breaker.read(link).untilMonoMs).toBe(2_000);
  });

  it("is not ended by a success", () => {
    attempt(errorOf("rate_limit", 2_000));
    attempt("success");
    expect(stateOf()).toBe("resting");
  });

  it("announced by headroom rests, with its reason", () => {
    breaker.rest(link, 700, "no tokens left until the provider's limit is reset");
    expect(breaker.read(link)).toMatchObject({
      state: "resting",
      untilMonoMs: 700,
      code: "rate_limit",
      why: "no tokens left until the provider's limit is reset",
    });
  });

  it.each([["requested by an error"], ["announced by a head"]])(
    "longer than 15 minutes ends with a probe: %s",
    async (how) => {
      const early = breaker.begin(link);
      if (how === "requested by an error") attempt(errorOf("rate_limit", 86_400_000));
      else breaker.rest(link, 86_400_000, "no requests left");
      breaker.end(early, "success");
      expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 900_000, code: "rate_limit" });
      await clock.advance(900_000);
      expect(breaker.read(link)).toMatchObject({
        state: "half-open",
        untilMonoMs: null,
        probing: false,
        code: "rate_limit",
      });
      breaker.begin(link);
      expect(breaker.read(link)).toMatchObject({ state: "half-open", probing: true });
      attempt("success");
      expect(stateOf()).toBe("closed");
    },
  );

  it("longer than 15 minutes again at the probe rests again", async () => {
    attempt(errorOf("rate_limit", 86_400_000));
    await clock.advance(900_000);
    attempt(errorOf("rate_limit", 86_400_000));
    expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 1_800_000 });
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, -1, 0])("of %s ms is no rest", (ms) => {
    breaker.rest(link, ms, "x");
    expect(breaker.read(link)).toMatchObject({ state: "closed", untilMonoMs: null });
  });

  it("without an end lasts 15 minutes", () => {
    breaker.rest(link, Number.POSITIVE_INFINITY, "x");
    expect(breaker.read(link)).toMatchObject({ state: "resting", untilMonoMs: 900_000 });
  });

  it("and an open circuit: whichever lasts longer is shown", async () => {
    fail(5);
    breaker.rest(link, 8_000, "no requests left");
    expect(breaker.read(link)).toMatchObject({ untilMonoMs: 8_000 });
    await clock.advance(5_000);
    expect(stateOf()).toBe("resting");
    await clock.advance(3_000);
    expect(stateOf()).toBe("half-open");
  });
});

it("shows the worse of link and credential", async () => {
  fail(5);
  attempt(errorOf("auth"));
  expect(breaker.read(link)).toMatchObject({ state: "open", untilMonoMs: 300_000, code: "auth" });
  expect(breaker.read(otherModel)).toMatchObject({ state: "open", untilMonoMs: 300_000, code: "auth" });
});

it("a probe of a credential is one probe for all its models", async () => {
  attempt(errorOf("auth"));
  await clock.advance(300_000);
  breaker.begin(otherModel);
  expect(breaker.read(link)).toMatchObject({ state: "half-open", probing: true });
});

describe("revive", () => {
  it("clears the circuits of one provider only", () => {
    fail(5);
    attempt(errorOf("auth"));
    breaker.rest(link, 1_000, "x");
    fail(5, otherProvider);
    breaker.revive("a");
    expect(breaker.read(link)).toEqual({ state: "closed", untilMonoMs: null, why: null, code: null, probing: false });
    expect(stateOf(otherModel)).toBe("closed");
    expect(stateOf(otherProvider)).toBe("open");
  });

  it("ignores results of earlier attempts", () => {
    const early = [breaker.begin(link), breaker.begin(link)];
    fail(5);
    breaker.revive("a");
    for (const ticket of early) breaker.end(ticket, errorOf("server"));
    expect(stateOf()).toBe("closed");
  });
});

it("limits the number of stored circuits", () => {
  for (let key = 0; key < 5_000; key += 1) attempt("success", { ...link, credential: `k${key}` });
  fail(5);
  expect(stateOf()).toBe("open");
  for (let key = 0; key < 5_000; key += 1) attempt("success", { ...link, credential: `l${key}` });
  expect(stateOf()).toBe("open");
});

describe("against a model that keeps the whole history", () => {
  const config = {
    consecutiveFailures: 3,
    failureRate: 0.5,
    minimumCalls: 6,
    windowMs: 1_000,
    coolDownMs: 100,
    maxCoolDownMs: 350,
    credentialCoolDownMs: 2_000,
    maxRestMs: 300,
  };

  interface Modelled {
    outcomes: { slice: number; good: boolean }[];
    inARow: number;
    openings: number[];
    sinceSuccess: number;
    opensUntil: number | null;
    restsUntil: number;
    probing: boolean;
  }
  const fresh = (): Modelled => ({
    outcomes: [],
    inARow: 0,
    openings: [],
    sinceSuccess: 0,
    opensUntil: null,
    restsUntil: 0,
    probing: false,
  });
  const keysOf = (ref: LinkRef) => ({ own: JSON.stringify(ref), key: JSON.stringify([ref.provider, ref.credential]) });

  interface ModelTicket {
    readonly ref: LinkRef;
    readonly probe: boolean;
    readonly ownOpenings: number;
    readonly keyOpenings: number;
  }

  /** The reference model: the specified behaviour, without optimizations. */
  function createModel() {
    const circuits = new Map<string, Modelled>();
    const of = (name: string) => {
      const circuit = circuits.get(name) ?? fresh();
      circuits.set(name, circuit);
      return circuit;
    };
    const open = (circuit: Modelled, now: number, ms: number) => {
      circuit.openings.push(now);
      circuit.sinceSuccess += 1;
      circuit.opensUntil = now + ms;
      circuit.inARow = 0;
      circuit.outcomes = [];
    };
    const answered = (circuit: Modelled, now: number) => {
      if (circuit.opensUntil !== null) circuit.outcomes = [];
      circuit.opensUntil = null;
      circuit.sinceSuccess = 0;
      circuit.inARow = 0;
      circuit.outcomes.push({ slice: Math.floor(now / (config.windowMs / 10)), good: true });
    };
    const rest = (circuit: Modelled, now: number, ms: number) => {
      const until = now + Math.min(ms, config.maxRestMs);
      if (until <= circuit.restsUntil) return;
      circuit.restsUntil = until;
      if (ms <= config.maxRestMs) return;
      circuit.openings.push(now);
      circuit.opensUntil ??= now;
    };
    const one = (circuit: Modelled, now: number): { state: LinkStateName; until: number | null } => {
      const { opensUntil, restsUntil } = circuit;
      const until = Math.max(opensUntil ?? 0, restsUntil);
      if (until > now) return { state: until === opensUntil ? "open" : "resting", until };
      return { state: circuit.opensUntil === null ? "closed" : "half-open", until: null };
    };
    return {
      begin(ref: LinkRef): ModelTicket {
        const { own, key } = keysOf(ref);
        const probe = of(own).opensUntil !== null || of(key).opensUntil !== null;
        if (probe) {
          of(own).probing = true;
          of(key).probing = true;
        }
        return { ref, probe, ownOpenings: of(own).openings.length, keyOpenings: of(key).openings.length };
      },
      end(ticket: ModelTicket, result: "success" | "released" | LLMError, now: number) {
        const { own, key } = keysOf(ticket.ref);
        const [mine, keys] = [of(own), of(key)];
        if (ticket.probe) {
          mine.probing = false;
          keys.probing = false;
        }
        const keyFits = keys.openings.length === ticket.keyOpenings;
        if (result === "released") return;
        const code = result === "success" ? "success" : result.code;
        if (code === "auth" || code === "model_not_found") {
          const which = code === "auth" ? keys : mine;
          if (which.opensUntil === null || which.opensUntil <= now) open(which, now, config.credentialCoolDownMs);
        } else if (code === "server") {
          if (mine.openings.length !== ticket.ownOpenings) return;
          mine.inARow += 1;
          const slice = Math.floor(now / (config.windowMs / 10));
          mine.outcomes.push({ slice, good: false });
          const seen = mine.outcomes.filter((outcome) => outcome.slice > slice - 10);
          const bad = seen.filter(({ good }) => !good).length;
          const often = seen.length >= config.minimumCalls && bad / seen.length >= config.failureRate;
          if (ticket.probe || mine.inARow >= config.consecutiveFailures || often) {
            open(mine, now, Math.min(config.maxCoolDownMs, config.coolDownMs * 2 ** mine.sinceSuccess));
          }
        } else {
          if (result !== "success" && result.retryAfterMs !== null) rest(mine, now, result.retryAfterMs);
          if (mine.openings.length === ticket.ownOpenings) answered(mine, now);
          if (keyFits) answered(keys, now);
        }
      },
      rest(ref: LinkRef, now: number, ms: number) {
        rest(of(keysOf(ref).own), now, ms);
      },
      read(ref: LinkRef, now: number) {
        const both = [one(of(keysOf(ref).own), now), one(of(keysOf(ref).key), now)];
        const until = Math.max(...both.map((state) => state.until ?? 0));
        if (until > 0) return `away until ${until}`;
        return both.some(({ state }) => state === "half-open") ? "half-open" : "closed";
      },
    };
  }

  const refs = [link, otherModel, otherKey];
  const pick = fc.constantFrom(0, 0, 0, 0, 1, 2);
  const results = fc.oneof(
    { weight: 3, arbitrary: fc.constant("success" as const) },
    { weight: 8, arbitrary: fc.constant(errorOf("server")) },
    fc.constant("released" as const),
    fc.constant(errorOf("auth")),
    fc.constant(errorOf("model_not_found")),
    fc.constant(errorOf("invalid_request")),
    fc.nat(400).map((ms) => errorOf("rate_limit", ms)),
  );
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("attempt" as const), link: pick, result: results }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("begin" as const), link: pick }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("end" as const), at: fc.nat(5), result: results }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(150) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("rest" as const), link: pick, ms: fc.nat(400) }) },
  );

  it("has the state of the reference model after any history", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: "max" }), (actions) => {
        let now = 0;
        const real = createBreaker(config, { ...clock, monotonic: () => now });
        const model = createModel();
        const running: { real: BreakerTicket; model: ModelTicket }[] = [];
        const refAt = (index: number) => refs[index] ?? link;
        let epoch = real.epoch?.();
        let read = JSON.stringify(refs.map(real.read));
        for (const step of actions) {
          if (step.do === "wait") now += step.ms;
          else if (step.do === "rest") {
            real.rest(refAt(step.link), step.ms, "x");
            model.rest(refAt(step.link), now, step.ms);
          } else if (step.do === "begin") {
            running.push({ real: real.begin(refAt(step.link)), model: model.begin(refAt(step.link)) });
          } else if (step.do === "attempt") {
            real.end(real.begin(refAt(step.link)), step.result);
            model.end(model.begin(refAt(step.link)), step.result, now);
          } else {
            const [ticket] = running.splice(step.at % Math.max(1, running.length), 1);
            if (ticket !== undefined) {
              real.end(ticket.real, step.result);
              model.end(ticket.model, step.result, now);
            }
          }
          const [epochBefore, readBefore] = [epoch, read];
          epoch = real.epoch?.();
          read = JSON.stringify(refs.map(real.read));
          if (epoch === epochBefore && read !== readBefore) expect(read, "in the same epoch").toBe(readBefore);
          for (const ref of refs) {
            const { state, untilMonoMs } = real.read(ref);
            const seen = untilMonoMs === null ? state : `away until ${untilMonoMs}`;
            const expected = model.read(ref, now);
            // An expectation at each step would cost more than the steps.
            if (seen !== expected) expect(seen).toBe(expected);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("the epoch", () => {
  const epochAfter = (act: (breaker: Breaker) => void): readonly [number | undefined, number | undefined] => {
    const fresh = createBreaker(DEFAULT_BREAKER, clock);
    for (let failed = 0; failed < 4; failed += 1) fresh.end(fresh.begin(link), errorOf("server"));
    const before = fresh.epoch?.();
    act(fresh);
    return [before, fresh.epoch?.()];
  };

  it.each<[string, (breaker: Breaker) => void]>([
    ["a successful attempt", (one) => one.end(one.begin(link), "success")],
    ["a failed attempt that does not open the circuit", (one) => one.end(one.begin(otherModel), errorOf("server"))],
    ["a released attempt", (one) => one.end(one.begin(link), "released")],
    ["a refused request", (one) => one.end(one.begin(link), errorOf("invalid_request"))],
    ["an attempt with a new key", (one) => void one.begin({ ...link, credential: "new" })],
  ])("does not change after %s, so plans stay cached", (_, act) => {
    const [before, after] = epochAfter(act);
    expect(after).toBe(before);
  });

  it.each<[string, (breaker: Breaker) => void]>([
    ["a failure that opens the circuit", (one) => one.end(one.begin(link), errorOf("server"))],
    ["a refused key", (one) => one.end(one.begin(link), errorOf("auth"))],
    ["a rest", (one) => one.rest(link, 1_000, "spent")],
    ["a revival", (one) => one.revive(link.provider)],
  ])("changes after %s", (_, act) => {
    const [before, after] = epochAfter(act);
    expect(after).not.toBe(before);
  });
});

it("handles each error code as the policy table says", () => {
  for (const code of Object.keys(ERROR_POLICY) as LLMErrorCode[]) {
    const fresh = createBreaker(DEFAULT_BREAKER, clock);
    fresh.end(fresh.begin(link), errorOf(code, 1_000));
    const expected = ["auth", "permission", "quota", "model_not_found"].includes(code)
      ? "open"
      : code === "rate_limit"
        ? "resting"
        : "closed";
    expect([code, fresh.read(link).state]).toEqual([code, expected]);
  }
});
