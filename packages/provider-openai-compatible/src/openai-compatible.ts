import { invalidInput, isRecord, type ModelCapabilities, type Provider } from "@babylon/llm-core";
import { checkFactoryOptions, type OptionRule } from "@babylon/provider-kit/factory";
import { createProvider } from "./create-provider.ts";
import { createModelTable, type ModelRow } from "./model-table.ts";
import { type ModelWire, PLAIN_TRAITS } from "./model-traits.ts";
import type { CompatibleFactoryOptions } from "./vendor.ts";

/** Options of {@link openaiCompatible}. */
export interface OpenAICompatibleOptions extends CompatibleFactoryOptions {
  /** `[a-z][a-z0-9-]*`, unique in a client. */
  readonly id: string;
  /** For people: `vLLM on rack 3`. */
  readonly name: string;
  /** Up to the part before `/chat/completions`: `http://localhost:11434/v1`. Needed unless there is a `client`. */
  readonly baseURL?: string | undefined;
  /** The model to use. */
  readonly model: string;
  /** The variable that holds the key. Without it and without `apiKey` requests carry no key. */
  readonly envKey?: string | undefined;
  /** What is known of the models: ids, or rows with limits and what differs from the options below. */
  readonly models?: readonly (string | ModelRow)[] | undefined;
  /** What the endpoint's models can, where it is less than everything. */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** How the endpoint wants to be spoken to, where it differs from the plain protocol. */
  readonly wire?: Partial<ModelWire> | undefined;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** That the names are known; what stands in them is the compiler's to check. */
const fieldsOf = (known: object): OptionRule => ({
  expected: `an object with fields of ${Object.keys(known).join(", ")}`,
  accepts: (value) => isRecord(value) && Object.keys(value).every((name) => Object.hasOwn(known, name)),
});

const OWN_OPTIONS: Readonly<Record<string, OptionRule>> = {
  envKey: { expected: "the name of a variable", accepts: isText },
  models: {
    expected: "an array of model ids or rows with an id",
    accepts: (value) => Array.isArray(value) && value.every((row) => isText(row) || (isRecord(row) && isText(row.id))),
  },
  capabilities: fieldsOf(PLAIN_TRAITS.capabilities),
  wire: fieldsOf(PLAIN_TRAITS.wire),
};

const REQUIRED = ["id", "name", "model"] as const;

/**
 * Any endpoint that speaks OpenAI's Chat Completions: vLLM, Ollama, LM Studio, llama.cpp, a gateway. Nothing is taken from the
 * environment but the variable named by `envKey`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown, missing or wrong
 */
export function openaiCompatible(options: OpenAICompatibleOptions): Provider {
  checkFactoryOptions("openaiCompatible", options, OWN_OPTIONS);
  for (const name of REQUIRED) {
    if (options[name] === undefined) throw invalidInput(`openaiCompatible.${name}`, "it to be given");
  }
  const { id, name, client, baseURL = "", model, envKey = null, models = [] } = options;
  if (baseURL === "" && client === undefined)
    throw invalidInput("openaiCompatible.baseURL", "it or client to be given");
  const base = {
    capabilities: { ...PLAIN_TRAITS.capabilities, ...options.capabilities },
    wire: { ...PLAIN_TRAITS.wire, ...options.wire },
  };
  const rows = models.map((row) => (typeof row === "string" ? { id: row } : row));
  return createProvider(
    {
      id,
      name,
      envKey,
      envModel: null,
      envBaseURL: null,
      defaultBaseURL: baseURL,
      defaultModel: model,
      keyOptional: envKey === null,
      retired: {},
      ...createModelTable(base, rows),
    },
    options,
  );
}
