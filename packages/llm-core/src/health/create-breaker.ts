import type { Breaker } from "../contract/breaker.ts";
import type { BreakerOptions } from "../contract/client-options.ts";
import { type Clock, systemClock } from "../contract/clock.ts";
import type { LinkRef, LinkState } from "../contract/link.ts";
import { policyOf } from "../errors/error-policy.ts";
import { mergeDefined } from "../plan/client-config.ts";
import { DEFAULT_BREAKER } from "./breaker-config.ts";
import {
  type Circuit,
  type CircuitReason,
  type CircuitState,
  countFailure,
  countSuccess,
  createCircuit,
  resetRateLimits,
  rest,
  setProbing,
  trip,
} from "./circuit.ts";
import { linkKey } from "./link-key.ts";

/** Number of circuits from which idle closed ones are removed: keys of tenants may change often. */
const SWEEP_AT = 1_000;

/** Maximum share of a cool-down that is randomly omitted. */
const JITTER = 0.25;

/** Rest after several rate limits in a row without a `Retry-After`. */
const UNNAMED_REST_MS = 1_000;

const NO_JITTER = (): number => 0.5;

const CLOSED: LinkState = Object.freeze({ state: "closed", untilMonoMs: null, why: null, code: null, probing: false });

const toReason = (reason: CircuitReason | null) => ({ why: reason?.message ?? null, code: reason?.code ?? null });

function stateOf(state: CircuitState, now: number): LinkState {
  const { openUntilMonoMs, openReason, restUntilMonoMs, restReason, probing } = state;
  // If an open circuit also rests, the state that lasts longer is shown.
  if (openUntilMonoMs !== null && openUntilMonoMs > now && openUntilMonoMs >= restUntilMonoMs) {
    return { state: "open", untilMonoMs: openUntilMonoMs, ...toReason(openReason), probing: false };
  }
  if (restUntilMonoMs > now) {
    return { state: "resting", untilMonoMs: restUntilMonoMs, ...toReason(restReason), probing: false };
  }
  if (openUntilMonoMs !== null) return { state: "half-open", untilMonoMs: null, ...toReason(openReason), probing };
  return CLOSED;
}

/** The next time at which the state changes without a new result. */
function nextChangeOf({ openUntilMonoMs, restUntilMonoMs }: CircuitState, now: number): number {
  const moments = [openUntilMonoMs ?? now, restUntilMonoMs].filter((moment) => moment > now);
  return Math.min(...moments, Number.POSITIVE_INFINITY);
}

/** Of the states of a link and of its credential, the one that ends later. */
function later(a: LinkState, b: LinkState): LinkState {
  if (a.untilMonoMs !== null || b.untilMonoMs !== null) return (a.untilMonoMs ?? 0) >= (b.untilMonoMs ?? 0) ? a : b;
  if (a.state === "half-open") return b.state === "half-open" && b.probing ? b : a;
  return b;
}

/**
 * The built-in breaker: one circuit per link, and one per provider and credential for refused keys and exhausted quotas. In this process
 * only.
 *
 * @param random - 0 up to 1, for the jitter of cool-downs. Default: no jitter
 */
export function createBreaker(
  options: BreakerOptions = {},
  clock: Clock = systemClock,
  random: () => number = NO_JITTER,
): Breaker {
  const config = mergeDefined(DEFAULT_BREAKER, options);
  const links = new Map<string, Circuit>();
  const credentials = new Map<string, Circuit>();
  let epoch = 0;
  /** No later than the next time at which a state changes without a new result. */
  let nextChangeMonoMs = Number.POSITIVE_INFINITY;

  const credentialKey = (link: LinkRef) => `${link.provider}\n${link.credential}`;

  function sweep(circuits: Map<string, Circuit>, now: number): void {
    for (const [key, circuit] of circuits) {
      const { state, lastUsedMonoMs } = circuit;
      const isIdle = now - lastUsedMonoMs > config.windowMs;
      // A missing circuit reads as closed.
      if (isIdle && stateOf(state, now) === CLOSED) circuits.delete(key);
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

  function noteChange(state: CircuitState): void {
    epoch += 1;
    nextChangeMonoMs = Math.min(nextChangeMonoMs, nextChangeOf(state, clock.monotonic()));
  }

  /**
   * Doubled at each trip without a success in between. With jitter, so that processes that failed together do not probe together: between
   * 75 % and 100 %; a random number of 0.5 gives 100 %.
   */
  function coolDownMs({ tripsInARow }: Circuit): number {
    const fullMs = Math.min(config.maxCoolDownMs, config.coolDownMs * 2 ** Math.min(tripsInARow, 30));
    return fullMs * (1 - JITTER * Math.abs(2 * random() - 1));
  }

  return {
    read(link) {
      const now = clock.monotonic();
      const credential = credentials.size === 0 ? undefined : credentials.get(credentialKey(link));
      const circuit = links.get(linkKey(link));
      const own = circuit === undefined ? CLOSED : stateOf(circuit.state, now);
      return credential === undefined ? own : later(stateOf(credential.state, now), own);
    },

    epoch() {
      if (nextChangeMonoMs === Number.POSITIVE_INFINITY) return epoch;
      const now = clock.monotonic();
      if (now >= nextChangeMonoMs) {
        epoch += 1;
        nextChangeMonoMs = Number.POSITIVE_INFINITY;
        for (const circuits of [links, credentials]) {
          for (const { state } of circuits.values()) {
            nextChangeMonoMs = Math.min(nextChangeMonoMs, nextChangeOf(state, now));
          }
        }
      }
      return epoch;
    },

    begin(link) {
      const now = clock.monotonic();
      const circuit = circuitOf(links, linkKey(link), now);
      const credential = credentials.get(credentialKey(link));
      const isOpen = (one: Circuit | undefined) => one !== undefined && one.state.openUntilMonoMs !== null;
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
        resetRateLimits(circuit);
        if (circuit.trips === trips) countSuccess(circuit, config, now);
        if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
        return;
      }
      const openLong = (opened: Circuit) => {
        if ((opened.state.openUntilMonoMs ?? now) > now) return;
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
          // Attempts that began before the latest trip do not count.
          if (circuit.trips !== trips) return;
          if (countFailure(circuit, config, now, probe)) trip(circuit, now, result, coolDownMs(circuit));
          return;
        case "rests":
          circuit.rateLimitsInARow += 1;
          if (result.retryAfterMs !== null) rest(circuit, now, result.retryAfterMs, config.maxRestMs, result);
          else if (circuit.rateLimitsInARow >= config.consecutiveFailures) {
            circuit.unnamedRestUntilMonoMs = now + UNNAMED_REST_MS;
            rest(circuit, now, UNNAMED_REST_MS, config.maxRestMs, result);
          }
          break;
        case "alive":
          resetRateLimits(circuit);
          break;
      }
      // The link works, although it did not serve this request.
      if (circuit.trips === trips) countSuccess(circuit, config, now);
      if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
    },

    rest(link, forMs, why) {
      const now = clock.monotonic();
      const reason: CircuitReason = { code: "rate_limit", message: why };
      rest(circuitOf(links, linkKey(link), now), now, forMs, config.maxRestMs, reason);
    },

    revive(provider) {
      for (const circuits of [links, credentials]) {
        for (const key of circuits.keys()) if (key.startsWith(`${provider}\n`)) circuits.delete(key);
      }
      epoch += 1;
    },
  };
}
