import type { Clock } from "../clock.ts";
import type { BreakerConfig } from "../config/client-config.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import type { Breaker, LinkRef, LinkState } from "./breaker.ts";
import { type Blame, type Circuit, countFailure, countSuccess, createCircuit, rest, trip } from "./circuit.ts";
import { linkKey } from "./link-key.ts";

/** Circuits kept before those that say nothing any more are swept out; tenants' keys come and go. */
const SWEEP_AT = 1_000;

type Effect = "counts" | "opens-credential" | "opens-link" | "rests" | "alive" | "nothing";

/** What an error does to the breaker. `alive`: the link answered, only not this request. */
const EFFECTS: Readonly<Partial<Record<LLMErrorCode, Effect>>> = {
  timeout: "counts",
  network: "counts",
  overloaded: "counts",
  server: "counts",
  invalid_response: "counts",
  truncated: "counts",
  interrupted: "counts",
  auth: "opens-credential",
  permission: "opens-credential",
  quota: "opens-credential",
  model_not_found: "opens-link",
  rate_limit: "rests",
  context_length: "alive",
  content_filter: "alive",
  invalid_request: "alive",
  unsupported: "alive",
  schema_mismatch: "alive",
};

const CLOSED: LinkState = Object.freeze({ state: "closed", until: null, why: null, code: null, probing: false });

const told = (blame: Blame | null) => ({ why: blame?.message ?? null, code: blame?.code ?? null });

/** The built-in breaker: one circuit per link, and one per provider and credential for refused keys and spent quotas. In this process only. */
export function createBreaker(config: BreakerConfig, clock: Clock): Breaker {
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
        if (circuit.trips === trips) countSuccess(circuit, config, now);
        if (credential !== undefined && credential.trips === credentialTrips) countSuccess(credential, config, now);
        return;
      }
      const effect = EFFECTS[result.code] ?? "nothing";
      const openLong = (opened: Circuit) => {
        if (opened.openUntil !== null && opened.openUntil > now) return;
        trip(opened, now, result, config.credentialCoolDownMs, config.credentialCoolDownMs);
      };
      switch (effect) {
        case "nothing":
          return;
        case "opens-credential":
          return openLong(credential ?? circuitOf(credentials, credentialKey(link), now));
        case "opens-link":
          return openLong(circuit);
        case "counts":
          // What began before the latest trip says nothing about the time after it.
          if (circuit.trips === trips) countFailure(circuit, config, now, result, probe);
          return;
        case "rests":
          if (result.retryAfterMs !== null) rest(circuit, now, result.retryAfterMs, config.maxRestMs, result);
          break;
        case "alive":
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
