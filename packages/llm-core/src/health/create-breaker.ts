import type { Breaker } from "../contract/breaker.ts";
import type { Clock } from "../contract/clock.ts";
import type { LinkRef, LinkState } from "../contract/link.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { BreakerConfig } from "./breaker-config.ts";
import {
  type Blame,
  type Circuit,
  countFailure,
  countSuccess,
  createCircuit,
  endRefusals,
  rest,
  type Standing,
  setProbing,
  trip,
} from "./circuit.ts";
import { linkKey } from "./link-key.ts";

/** Circuits kept before those that say nothing any more are swept out; tenants' keys come and go. */
const SWEEP_AT = 1_000;

/** The share of a cool-down that may be left out at random. */
const JITTER = 0.25;

/** How long a link rests that has refused several calls in a row as too many, and never said until when. */
const UNNAMED_REST_MS = 1_000;

const NO_JITTER = (): number => 0.5;

const CLOSED: LinkState = Object.freeze({ state: "closed", untilMonoMs: null, why: null, code: null, probing: false });

const told = (blame: Blame | null) => ({ why: blame?.message ?? null, code: blame?.code ?? null });

function stateOf(standing: Standing, now: number): LinkState {
  const { openUntilMonoMs, openBlame, restUntilMonoMs, restBlame, probing } = standing;
  // Of an open circuit that also rests, what lasts longer is shown: the link is due only then.
  if (openUntilMonoMs !== null && openUntilMonoMs > now && openUntilMonoMs >= restUntilMonoMs) {
    return { state: "open", untilMonoMs: openUntilMonoMs, ...told(openBlame), probing: false };
  }
  if (restUntilMonoMs > now) {
    return { state: "resting", untilMonoMs: restUntilMonoMs, ...told(restBlame), probing: false };
  }
  if (openUntilMonoMs !== null) return { state: "half-open", untilMonoMs: null, ...told(openBlame), probing };
  return CLOSED;
}

/** When time alone changes the state of a circuit. */
function nextChangeOf({ openUntilMonoMs, restUntilMonoMs }: Standing, now: number): number {
  const moments = [openUntilMonoMs ?? now, restUntilMonoMs].filter((moment) => moment > now);
  return Math.min(...moments, Number.POSITIVE_INFINITY);
}

/** Of the states of a link and of its key, the one that ends later. */
function later(a: LinkState, b: LinkState): LinkState {
  if (a.untilMonoMs !== null || b.untilMonoMs !== null) return (a.untilMonoMs ?? 0) >= (b.untilMonoMs ?? 0) ? a : b;
  if (a.state === "half-open") return b.state === "half-open" && b.probing ? b : a;
  return b;
}

/**
 * The built-in breaker: one circuit per link, and one per provider and credential for refused keys and spent quotas. In this process only.
 *
 * @param random - 0 up to 1, for the jitter of the cool-downs. Default: no jitter
 */
export function createBreaker(config: BreakerConfig, clock: Clock, random: () => number = NO_JITTER): Breaker {
  const links = new Map<string, Circuit>();
  const credentials = new Map<string, Circuit>();
  let epoch = 0;
  /** No later than the next moment at which time alone changes the state of a link. */
  let nextChangeMonoMs = Number.POSITIVE_INFINITY;

  const credentialKey = (link: LinkRef) => `${link.provider}\n${link.credential}`;

  function sweep(circuits: Map<string, Circuit>, now: number): void {
    for (const [key, circuit] of circuits) {
      const { standing, lastUsedMonoMs } = circuit;
      const isIdle = now - lastUsedMonoMs > config.windowMs;
      // Without it, the link reads as before.
      if (isIdle && stateOf(standing, now) === CLOSED) circuits.delete(key);
    }
  }

  function circuitOf(circuits: Map<string, Circuit>, key: string, now: number): Circuit {
    let circuit = circuits.get(key);
    if (circuit === undefined) {
      if (circuits.size >= SWEEP_AT) sweep(circuits, now);
      circuit = createCircuit(now, noteChange);
      circuits.set(key, circuit);
    }
    circuit.lastUsedMonoMs = now;
    return circuit;
  }

  function noteChange(standing: Standing): void {
    epoch += 1;
    nextChangeMonoMs = Math.min(nextChangeMonoMs, nextChangeOf(standing, clock.monotonic()));
  }

  /**
   * Doubled at each trip without a success in between, and spread, so that processes that failed together do not probe together: between
   * three quarters of it and all of it, with a random number of 0.5 all.
   */
  function coolDownMs({ reopened }: Circuit): number {
    const fullMs = Math.min(config.maxCoolDownMs, config.coolDownMs * 2 ** Math.min(reopened, 30));
    return fullMs * (1 - JITTER * Math.abs(2 * random() - 1));
  }

  return {
    read(link) {
      const now = clock.monotonic();
      const credential = credentials.size === 0 ? undefined : credentials.get(credentialKey(link));
      const circuit = links.get(linkKey(link));
      const own = circuit === undefined ? CLOSED : stateOf(circuit.standing, now);
      return credential === undefined ? own : later(stateOf(credential.standing, now), own);
    },

    epoch() {
      if (nextChangeMonoMs === Number.POSITIVE_INFINITY) return epoch;
      const now = clock.monotonic();
      if (now >= nextChangeMonoMs) {
        epoch += 1;
        nextChangeMonoMs = Number.POSITIVE_INFINITY;
        for (const circuits of [links, credentials]) {
          for (const { standing } of circuits.values()) {
            nextChangeMonoMs = Math.min(nextChangeMonoMs, nextChangeOf(standing, now));
          }
        }
      }
      return epoch;
    },

    begin(link) {
      const now = clock.monotonic();
      const circuit = circuitOf(links, linkKey(link), now);
      const credential = credentials.get(credentialKey(link));
      const isOpen = (one: Circuit | undefined) => one !== undefined && one.standing.openUntilMonoMs !== null;
      const probe = isOpen(circuit) || isOpen(credential);
      if (probe) {
        setProbing(circuit, true);
        if (credential !== undefined) setProbing(credential, true);
      }
      return { link, trips: circuit.trips, credentialTrips: credential?.trips ?? 0, probe };
    },

    end({ link, trips, credentialTrips, probe }, result) {
      const now = clock.monotonic();
      const circuit = circuitOf(links, linkKey(link), now);
      const credential = credentials.get(credentialKey(link));
      if (probe) {
        setProbing(circuit, false);
        if (credential !== undefined) setProbing(credential, false);
      }
      if (result === "released") return;
      if (result === "success") {
        endRefusals(circuit);
        if (circuit.trips === trips) countSuccess(circuit, config, now);
        if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
        return;
      }
      const openLong = (opened: Circuit) => {
        if ((opened.standing.openUntilMonoMs ?? now) > now) return;
        trip(opened, now, result, config.credentialCoolDownMs);
      };
      switch (policyOf(result).breaker) {
        case "none":
        case "released":
          return;
        case "opens-credential":
          return openLong(credential ?? circuitOf(credentials, credentialKey(link), now));
        case "opens-link":
          return openLong(circuit);
        case "counts":
          // What began before the latest trip says nothing about the time after it.
          if (circuit.trips !== trips) return;
          if (countFailure(circuit, config, now, probe)) trip(circuit, now, result, coolDownMs(circuit));
          return;
        case "rests":
          circuit.refusals += 1;
          if (result.retryAfterMs !== null) rest(circuit, now, result.retryAfterMs, config.maxRestMs, result);
          else if (circuit.refusals >= config.consecutiveFailures) {
            circuit.unnamedRestUntilMonoMs = now + UNNAMED_REST_MS;
            rest(circuit, now, UNNAMED_REST_MS, config.maxRestMs, result);
          }
          break;
        case "alive":
          endRefusals(circuit);
          break;
      }
      // The link answered, only not this request.
      if (circuit.trips === trips) countSuccess(circuit, config, now);
      if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
    },

    rest(link, forMs, why) {
      const now = clock.monotonic();
      const blame: Blame = { code: "rate_limit", message: why };
      rest(circuitOf(links, linkKey(link), now), now, forMs, config.maxRestMs, blame);
    },

    revive(provider) {
      for (const circuits of [links, credentials]) {
        for (const key of circuits.keys()) if (key.startsWith(`${provider}\n`)) circuits.delete(key);
      }
      epoch += 1;
    },
  };
}
