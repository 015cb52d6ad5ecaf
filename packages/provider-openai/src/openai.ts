import type { Provider } from "@babylon/llm-core";
import { checkFactoryOptions } from "@babylon/provider-kit/factory";
import { type CompatibleFactoryOptions, createModelTable, createProvider } from "@babylon/provider-openai-compatible";
import { DEFAULT_MODEL, RETIRED, ROWS, traitsOf } from "./models.ts";

/** Options of {@link openai}. */
export interface OpenAIOptions extends CompatibleFactoryOptions {
  /** Sent as `OpenAI-Organization`. Default: the key's own. */
  readonly organization?: string | undefined;
  /** Sent as `OpenAI-Project`: `proj_…`. Default: the key's own. */
  readonly project?: string | undefined;
}

const accountId = {
  expected: "an id of letters, digits, hyphens and underscores",
  accepts: (value: unknown) => typeof value === "string" && /^[\w-]+$/.test(value),
};

/** Base URLs for data residency (developers.openai.com, data residency, 2026-11): `https://eu.api.openai.com/v1`. */
const REGIONAL = /^https:\/\/([a-z]{2})\.api\.openai\.com(?:[/?]|$)/;

/**
 * OpenAI, with Chat Completions. Key `OPENAI_API_KEY`, model `OPENAI_MODEL`, base URL `OPENAI_BASE_URL`; organization and project only as
 * options.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or invalid
 */
export function openai(options: OpenAIOptions = {}): Provider {
  checkFactoryOptions("openai", options, { organization: accountId, project: accountId });
  const { organization, project } = options;
  return createProvider(
    {
      id: "openai",
      name: "OpenAI",
      envKey: "OPENAI_API_KEY",
      keyURL: "https://platform.openai.com/api-keys",
      envModel: "OPENAI_MODEL",
      envBaseURL: "OPENAI_BASE_URL",
      defaultBaseURL: "https://api.openai.com/v1",
      defaultModel: DEFAULT_MODEL,
      retired: RETIRED,
      ...createModelTable(traitsOf, ROWS),
      regionOf: (baseURL) => REGIONAL.exec(baseURL)?.[1] ?? null,
      headers: () => ({
        ...(organization === undefined ? {} : { "openai-organization": organization }),
        ...(project === undefined ? {} : { "openai-project": project }),
      }),
    },
    options,
  );
}
