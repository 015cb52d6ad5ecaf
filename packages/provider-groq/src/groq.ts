import type { Provider } from "@babylon/llm-core";
import { checkFactoryOptions } from "@babylon/provider-kit/factory";
import { type CompatibleFactoryOptions, createModelTable, createProvider } from "@babylon/provider-openai-compatible";
import { mapError } from "./map-error.ts";
import { BASE_TRAITS, DEFAULT_MODEL, RETIRED, ROWS } from "./models.ts";

/** Options of {@link groq}. */
export type GroqOptions = CompatibleFactoryOptions;

/**
 * Groq: open models, fast. Key `GROQ_API_KEY`, model `GROQ_MODEL`, base URL `GROQ_BASE_URL`.
 *
 * Groq does not support a schema with streaming, so such calls use JSON mode automatically. Groq refuses `n` above 1, penalties and
 * `logprobs`; they are only sent through `providerOptions.groq.body`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or invalid
 */
export function groq(options: GroqOptions = {}): Provider {
  checkFactoryOptions("groq", options);
  return createProvider(
    {
      id: "groq",
      name: "Groq",
      envKey: "GROQ_API_KEY",
      keyURL: "https://console.groq.com/keys",
      envModel: "GROQ_MODEL",
      envBaseURL: "GROQ_BASE_URL",
      defaultBaseURL: "https://api.groq.com/openai/v1",
      defaultModel: DEFAULT_MODEL,
      retired: RETIRED,
      ...createModelTable(BASE_TRAITS, ROWS),
      classify: mapError,
    },
    options,
  );
}
