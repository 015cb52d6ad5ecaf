import type { Clock } from "../clock.ts";
import type { BreakerConfig } from "../config/client-config.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { Breaker, LinkRef, LinkState } from "./breaker.ts";
import {
  type Blame,
  type Circuit,
  countFailure,
  countSuccess,
  createCircuit,
  endRefusals,
  rest,
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

const CLOSED: LinkState = Object.freeze({ state: "closed", until: null, why: null, code: null, probing: false });

const told = (blame: Blame | null) => ({ why: blame?.message ?? null, code: blame?.code ?? null });

/**
 * The built-in breaker: one circuit per link, and one per provider and credential for refused keys and spent quotas. In this process only.
 *
 * @param random - 0 up to 1, for the jitter of the cool-downs. Default: no jitter
 */
export function createBreaker(config: BreakerConfig, clock: Clock, random: () => number = NO_JITTER): Breaker {
  const links = new Map<string, Circuit>();
  const credentials = new Map<string, Circuit>();

  const credentialKey = (link: LinkRef) => `${link.provider}\n${link.credential}`;

  function sweep(circuits: Map<string, Circuit>, now: number): void {
    for (const [key, circuit] of circuits) {
      const idle = now - circuit.lastUsed > config.windowMs;
      if (idle && circuit.openUntil === null && circuit.restUntil <= now) circuits.delete(key);
    }
  }

  function circuitOf(circuits: Map<string, Circuit>, key: string, now: number): Circuit {
    let circuit = circuits.get(key);
    if (circuit === undefined) {
      if (circuits.size >= SWEEP_AT) sweep(circuits, now);
      circuit = createCircuit(now);
      circuits.set(key, circuit);
    }
    circuit.lastUsed = now;
    return circuit;
  }

  function stateOf(circuit: Circuit | undefined, now: number): LinkState {
    if (circuit === undefined) return CLOSED;
    // Of an open circuit that also rests, what lasts longer is shown: the link is due only then.
    if (circuit.openUntil !== null && circuit.openUntil > now && circuit.openUntil >= circuit.restUntil) {
      return { state: "open", until: circuit.openUntil, ...told(circuit.openBlame), probing: false };
    }
    if (circuit.restUntil > now) {
      return { state: "resting", until: circuit.restUntil, ...told(circuit.restBlame), probing: false };
    }
    if (circuit.openUntil !== null) {
      return { state: "half-open", until: null, ...told(circuit.openBlame), probing: circuit.probing };
    }
    return CLOSED;
  }

  function later(a: LinkState, b: LinkState): LinkState {
    if (a.until !== null || b.until !== null) return (a.until ?? 0) >= (b.until ?? 0) ? a : b;
    if (a.state === "half-open") return b.state === "half-open" && b.probing ? b : a;
    return b;
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
      const own = stateOf(links.get(linkKey(link)), now);
      return credential === undefined ? own : later(stateOf(credential, now), own);
    },

    begin(link) {
      const now = clock.monotonic();
      const circuit = circuitOf(links, linkKey(link), now);
      const credential = credentials.get(credentialKey(link));
      const probe = circuit.openUntil !== null || (credential !== undefined && credential.openUntil !== null);
      if (probe) {
        circuit.probing = true;
        if (credential !== undefined) credential.probing = true;
      }
      return { link, trips: circuit.trips, credentialTrips: credential?.trips ?? 0, probe };
    },

    end({ link, trips, credentialTrips, probe }, result) {
      const now = clock.monotonic();
      const circuit = circuitOf(links, linkKey(link), now);
      const credential = credentials.get(credentialKey(link));
      if (probe) {
        circuit.probing = false;
        if (credential !== undefined) credential.probing = false;
      }
      if (result === "released") return;
      if (result === "success") {
        endRefusals(circuit);
        if (circuit.trips === trips) countSuccess(circuit, config, now);
        if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
        return;
      }
      const openLong = (opened: Circuit) => {
        if (opened.openUntil !== null && opened.openUntil > now) return;
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
            circuit.unnamedRestUntil = now + UNNAMED_REST_MS;
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
    },
  };
}
