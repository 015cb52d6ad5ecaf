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
  /** The display name: `vLLM on rack 3`. */
  readonly name: string;
  /** The URL up to `/chat/completions`: `http://localhost:11434/v1`. Required unless there is a `client`. */
  readonly baseURL?: string | undefined;
  /** The model to use. */
  readonly model: string;
  /** The variable that holds the key. Without it and without `apiKey`, requests have no key. */
  readonly envKey?: string | undefined;
  /** Known models: ids, or rows with limits and differences from the options below. */
  readonly models?: readonly (string | ModelRow)[] | undefined;
  /** What the endpoint's models support. Default: everything. */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** How the endpoint differs from the plain protocol. */
  readonly wire?: Partial<ModelWire> | undefined;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** Checks the field names only; the compiler checks the values. */
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
 * Creates a provider for any endpoint with OpenAI's Chat Completions API: vLLM, Ollama, LM Studio, llama.cpp, a gateway. Reads only the
 * variable `envKey` from the environment.
 *
 * @throws LLMError `invalid_input` with the path of an unknown, missing or invalid option
 */
export function openaiCompatible(options: OpenAICompatibleOptions): Provider {
  checkFactoryOptions("openaiCompatible", options, OWN_OPTIONS);
  for (const name of REQUIRED) {
    if (options[name] === undefined) throw invalidInput(`openaiCompatible.${name}`, "a value (required)");
  }
  const { id, name, client, baseURL = "", model, envKey = null, models = [] } = options;
  if (baseURL === "" && client === undefined)
    throw invalidInput("openaiCompatible.baseURL", "a URL (required unless client is set)");
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
