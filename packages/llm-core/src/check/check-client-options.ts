import type { LLMClientOptions } from "../contract/client-options.ts";
import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { hedge, timeouts } from "./check-call-options.ts";
import { providerId, settings } from "./check-settings.ts";
import { anything, boolean, type Check, callable, dictionary, list, number, object } from "./checks.ts";

const milliseconds = number({ min: 0 });
const maximum = number({ min: 1, whole: true, orInfinity: true });

/** Whether a value has methods of these names. */
export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === "function");
}

function shaped(expected: string, ...methods: readonly string[]): Check {
  return (value, path) => {
    if (!hasMethods(value, ...methods)) throw invalidInput(path, expected);
  };
}

const provider: Check = (value, path) => {
  shaped(
    "a provider, such as one that a provider package makes",
    "capabilities",
    "isConfigured",
    "generate",
    "stream",
  )(value, path);
  if (!isRecord(value)) return;
  if (value.spec !== 1)
    throw invalidInput(`${path}.spec`, "1: another version of the provider contract is not understood");
  providerId(value.id, `${path}.id`);
};

/** An object with a method that must be there, and one that may be. */
const withOptional = (expected: string, method: string, optional: string): Check => {
  const required = shaped(expected, method);
  return (value, path) => {
    required(value, path);
    if (isRecord(value) && value[optional] !== undefined) callable(value[optional], `${path}.${optional}`);
  };
};

const observer = withOptional("an observer with begin", "begin", "capture");
const gate = withOptional("a gate with admit", "admit", "peek");

const breakerNumbers = object({
  consecutiveFailures: number({ min: 1, whole: true }),
  failureRate: number({ min: 0, max: 1 }),
  minimumCalls: number({ min: 1, whole: true }),
  windowMs: number({ min: 1 }),
  coolDownMs: milliseconds,
  maxCoolDownMs: milliseconds,
  credentialCoolDownMs: milliseconds,
  maxRestMs: milliseconds,
});

const check = object(
  {
    providers: list(provider),
    settings: (value, path) => {
      if (!hasMethods(value, "get")) settings(value, path);
    },
    env: dictionary(anything),
    timeouts,
    retry: object({
      maxRetries: number({ min: 0, whole: true }),
      baseDelayMs: milliseconds,
      maxDelayMs: milliseconds,
      maxRetryAfterMs: milliseconds,
    }),
    breaker: (value, path) => {
      if (!hasMethods(value, "read", "begin", "end", "rest", "revive")) breakerNumbers(value, path);
    },
    maxConcurrency: (value, path) => {
      if (isRecord(value)) dictionary(maximum)(value, path);
      else maximum(value, path);
    },
    hedge,
    coalesce: boolean,
    // A text of more characters than about this does not fit into a string.
    maxResponseBytes: number({ min: 1, max: 500 * 1024 * 1024, whole: true }),
    slots: shaped("shared slots with acquire", "acquire"),
    recorders: list(callable),
    observers: list(observer),
    gates: list(gate),
    pricer: shaped("a pricer with price", "price"),
    router: shaped("a router with assign", "assign"),
    drainMs: milliseconds,
    recordContent: boolean,
    logger: shaped("a logger with debug, info, warn and error", "debug", "info", "warn", "error"),
    clock: shaped(
      "a clock with now, monotonic, setTimeout and clearTimeout",
      "now",
      "monotonic",
      "setTimeout",
      "clearTimeout",
    ),
    random: callable,
    createCallId: callable,
  },
  ["providers"],
);

/** Refuses options of a client that are wrong. Throws `invalid_input` with the path. */
export function checkClientOptions(options: LLMClientOptions): void {
  check(options, "");
  const ids = new Set<string>();
  for (const [index, { id }] of options.providers.entries()) {
    if (ids.has(id))
      throw invalidInput(`providers[${index}].id`, `a unique id: "${id}" is taken by an earlier provider`);
    ids.add(id);
  }
}
