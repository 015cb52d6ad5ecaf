import type { LLMClientOptions } from "../contract/client-options.ts";
import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { hedge, timeouts } from "./check-call-options.ts";
import { settings } from "./check-settings.ts";
import { providerId } from "./check-settings-ids.ts";
import { anything, boolean, callable, dictionaryOf, listOf, number, type OptionCheck, objectOf } from "./checks.ts";

const milliseconds = number({ min: 0 });
const maximum = number({ min: 1, whole: true, orInfinity: true });

/** Whether a value is an object with methods of these names. */
export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === "function");
}

function objectWith(expected: string, ...methods: readonly string[]): OptionCheck {
  return (value, path) => {
    if (!hasMethods(value, ...methods)) throw invalidInput(path, expected);
  };
}

const provider: OptionCheck = (value, path) => {
  objectWith(
    "a provider, such as one that a provider package makes",
    "capabilities",
    "isConfigured",
    "generate",
    "stream",
  )(value, path);
  if (!isRecord(value)) return;
  if (value.spec !== 1)
    throw invalidInput(`${path}.spec`, "1: other versions of the provider contract are not supported");
  providerId(value.id, `${path}.id`);
};

/** An object with a required and an optional method. */
const objectWithOptional = (expected: string, method: string, optional: string): OptionCheck => {
  const required = objectWith(expected, method);
  return (value, path) => {
    required(value, path);
    if (isRecord(value) && value[optional] !== undefined) callable(value[optional], `${path}.${optional}`);
  };
};

const observer = objectWithOptional("an observer with begin", "begin", "capture");
const gate = objectWithOptional("a gate with admit", "admit", "peek");

const breakerOptions = objectOf({
  consecutiveFailures: number({ min: 1, whole: true }),
  failureRate: number({ min: 0, max: 1 }),
  minimumCalls: number({ min: 1, whole: true }),
  windowMs: number({ min: 1 }),
  coolDownMs: milliseconds,
  maxCoolDownMs: milliseconds,
  credentialCoolDownMs: milliseconds,
  maxRestMs: milliseconds,
});

const checkOptions = objectOf(
  {
    providers: listOf(provider),
    settings: (value, path) => {
      if (!hasMethods(value, "get")) settings(value, path);
    },
    env: dictionaryOf(anything),
    timeouts,
    retry: objectOf({
      maxRetries: number({ min: 0, whole: true }),
      baseDelayMs: milliseconds,
      maxDelayMs: milliseconds,
      maxRetryAfterMs: milliseconds,
    }),
    breaker: (value, path) => {
      if (!hasMethods(value, "read", "begin", "end", "rest", "revive")) breakerOptions(value, path);
    },
    maxConcurrency: (value, path) => {
      if (isRecord(value)) dictionaryOf(maximum)(value, path);
      else maximum(value, path);
    },
    hedge,
    coalesce: boolean,
    // About the maximum length of a string in V8.
    maxResponseBytes: number({ min: 1, max: 500 * 1024 * 1024, whole: true }),
    slots: objectWith("shared slots with acquire", "acquire"),
    recorders: listOf(callable),
    observers: listOf(observer),
    gates: listOf(gate),
    pricer: (value, path) => {
      if (!hasMethods(value, "load")) objectWith("a pricer with price, or one with load", "price")(value, path);
    },
    router: objectWith("a router with assign", "assign"),
    drainMs: milliseconds,
    recordContent: boolean,
    logger: objectWith("a logger with debug, info, warn and error", "debug", "info", "warn", "error"),
    clock: objectWith(
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

/** Validates the options of a client. Throws `invalid_input` with the path. */
export function checkClientOptions(options: LLMClientOptions): void {
  checkOptions(options, "");
  const ids = new Set<string>();
  for (const [index, { id }] of options.providers.entries()) {
    if (ids.has(id))
      throw invalidInput(`providers[${index}].id`, `a unique id: "${id}" is taken by an earlier provider`);
    ids.add(id);
  }
}
