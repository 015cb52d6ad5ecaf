import { isIP } from "node:net";
import { OWN_PHRASES, type Phrases } from "../answer/prose.ts";
import { checkFaultRule } from "../fault/check-fault-rule.ts";
import type { FaultRule } from "../fault/fault.ts";
import type { ModelLimits } from "../provider-wire.ts";
import type { SimulatedProvider } from "../simulated-provider.ts";
import { SimulatorError } from "../simulator-error.ts";

/** Options of a provider simulator. */
export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** A loopback address. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** The seed of answers, faults and latencies. Default 1. */
  readonly seed?: number | undefined;
  /** Initial faults, which `reset()` restores. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Delay before each reply: milliseconds, or a random range. Default 0. */
  readonly latencyMs?: number | readonly [min: number, max: number] | undefined;
  /** Chat requests of a vendor in flight at most: one more is a 429. Default: unlimited. */
  readonly maxConcurrency?: Readonly<Partial<Record<SimulatedProvider, number>>> | undefined;
  /** Overrides limits of models, such as a small context that a short prompt exceeds. */
  readonly limits?: Readonly<Partial<Record<SimulatedProvider, ModelLimits>>> | undefined;
  /** The vocabulary of answers. Default: the simulator's own. */
  readonly phrases?: Phrases | undefined;
  /** Which custom LoRAs W&B serves: others are not found. Default: all with a valid id. */
  readonly adapters?: ((model: string) => boolean) | undefined;
  /** Record the bodies of requests. Default true; set false in tests with many requests. */
  readonly recordBodies?: boolean | undefined;
}

/** Resolved options. */
export interface CheckedOptions {
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  readonly faults: readonly FaultRule[];
  readonly latencyMs: readonly [min: number, max: number];
  readonly maxConcurrency: Readonly<Partial<Record<SimulatedProvider, number>>>;
  readonly limits: Readonly<Partial<Record<SimulatedProvider, ModelLimits>>>;
  readonly phrases: Phrases;
  readonly adapters: (model: string) => boolean;
  readonly recordBodies: boolean;
}

/**
 * Validates options and fills in defaults.
 *
 * @throws SimulatorError `not_loopback` or `invalid_option`
 */
export function checkOptions(options: SimulatorOptions): CheckedOptions {
  const {
    port = 0,
    host = "127.0.0.1",
    seed = 1,
    faults = [],
    latencyMs = 0,
    maxConcurrency = {},
    limits = {},
    phrases = OWN_PHRASES,
    adapters = () => true,
    recordBodies = true,
  } = options;
  if (!isLoopback(host)) {
    throw new SimulatorError("not_loopback", `host: the simulator listens on loopback alone, not on ${host}`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SimulatorError("invalid_option", "port: expected a whole number from 0 to 65535");
  }
  if (!Number.isFinite(seed)) throw new SimulatorError("invalid_option", "seed: expected a number");
  const [min, max] = typeof latencyMs === "number" ? [latencyMs, latencyMs] : latencyMs;
  if (!(min >= 0 && max >= min && Number.isFinite(max))) {
    throw new SimulatorError("invalid_option", "latencyMs: expected milliseconds, or a range of them");
  }
  for (const [provider, most] of Object.entries(maxConcurrency)) {
    if (Number.isInteger(most) && most >= 1) continue;
    throw new SimulatorError("invalid_option", `maxConcurrency.${provider}: expected a whole number of at least 1`);
  }
  return {
    port,
    host,
    seed,
    faults: faults.map((rule, index) => checkFaultRule(rule, `faults[${index}]`)),
    latencyMs: [min, max],
    maxConcurrency,
    limits,
    phrases: checkPhrases(phrases),
    adapters,
    recordBodies,
  };
}

function checkPhrases(phrases: Phrases): Phrases {
  for (const name of Object.keys(OWN_PHRASES)) {
    const list: unknown = Reflect.get(phrases, name);
    if (!Array.isArray(list) || list.length === 0 || !list.every((phrase) => typeof phrase === "string")) {
      throw new SimulatorError("invalid_option", `phrases.${name}: expected a list of at least one string`);
    }
  }
  return phrases;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
