import { invalidInput, isRecord } from "@babylon/llm-core";
import { areHeaders } from "../headers/are-headers.ts";

/** What an option of a provider factory must be, and how to say it. */
export interface OptionRule {
  readonly expected: string;
  /** Whether a value will do. Not asked about `undefined`. */
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const isClient = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["post", "get"].every((name) => typeof Reflect.get(value, name) === "function");

/** What a client of the caller's decides by itself. */
const OF_THE_CLIENT = ["apiKey", "baseURL", "fetch", "allowInsecureHttp"];

/** The rules of the options that every provider factory has. Key and base URL are checked closer by `createEndpoint`. */
const FACTORY_OPTIONS: Readonly<Record<string, OptionRule>> = {
  id: {
    expected: "an id: a small letter, then small letters, digits and hyphens",
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
 * Checks the options of a provider factory; an option that is `undefined` counts as not given.
 *
 * @param factory - the factory's name, which begins the path: `wandb.modell`
 * @param own - rules of the options that only this factory has
 * @throws LLMError `invalid_input` with the path of the first option that is unknown or wrong
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
  const both = OF_THE_CLIENT.find((name) => options[name] !== undefined);
  if (both !== undefined) throw invalidInput(`${factory}.${both}`, "either it or client, which has its own");
}
