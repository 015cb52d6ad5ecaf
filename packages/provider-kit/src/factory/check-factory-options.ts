import { invalidInput, isRecord } from "@babylon/llm-core";
import { areHeaders } from "../headers/are-headers.ts";

/** The rule for an option of a provider factory, and its description for errors. */
export interface OptionRule {
  readonly expected: string;
  /** Whether a value is valid. Not called with `undefined`. */
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const isClient = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["post", "get"].every((name) => typeof Reflect.get(value, name) === "function");

/** Options that the caller's SDK client already defines. */
const CLIENT_OPTIONS = ["apiKey", "baseURL", "fetch", "allowInsecureHttp"];

/** The options of every provider factory. `createEndpoint` checks key and base URL in detail. */
const FACTORY_OPTIONS: Readonly<Record<string, OptionRule>> = {
  id: {
    expected: "an id: a lowercase letter, then lowercase letters, digits and hyphens",
    accepts: (value) => typeof value === "string" && /^[a-z][a-z0-9-]*$/.test(value),
  },
  name: { expected: "a name that is not empty", accepts: isText },
  apiKey: {
    expected: "a key or a function that returns one",
    accepts: (value) => typeof value === "string" || typeof value === "function",
  },
  client: { expected: "a client of the official SDK", accepts: isClient },
  model: { expected: "a model id that is not empty", accepts: isText },
  baseURL: { expected: "a URL", accepts: (value) => typeof value === "string" },
  headers: { expected: "an object of header names to values that HTTP allows", accepts: areHeaders },
  fetch: { expected: "a function like fetch", accepts: (value) => typeof value === "function" },
  allowInsecureHttp: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
};

/**
 * Checks the options of a provider factory. An option that is `undefined` counts as omitted.
 *
 * @param factory - the factory's name, the first segment of the path: `wandb.modell`
 * @param own - rules for the options that are specific to this factory
 * @throws LLMError `invalid_input` with the path of the first unknown or invalid option
 */
export function checkFactoryOptions(
  factory: string,
  options: unknown,
  own: Readonly<Record<string, OptionRule>> = {},
): void {
  if (!isRecord(options)) throw invalidInput(factory, "an object of options");
  const rules = { ...FACTORY_OPTIONS, ...own };
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) throw invalidInput(`${factory}.${name}`, `one of ${Object.keys(rules).join(", ")}`);
    if (value !== undefined && !rule.accepts(value)) throw invalidInput(`${factory}.${name}`, rule.expected);
  }
  if (options.client === undefined) return;
  const conflict = CLIENT_OPTIONS.find((name) => options[name] !== undefined);
  if (conflict !== undefined) {
    throw invalidInput(`${factory}.${conflict}`, "undefined together with client, which defines it");
  }
}
