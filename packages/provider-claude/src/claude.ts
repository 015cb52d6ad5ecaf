import type { Provider } from "@babylon/llm-core";
import type { FetchFunction, SDKClient } from "@babylon/provider-kit";
import {
  type ApiKey,
  checkFactoryOptions,
  createClientEndpoint,
  createEndpoint,
  createLazyCalls,
} from "@babylon/provider-kit/factory";
import { capabilitiesOf, DEFAULT_MODEL, MODEL_FACTS, MODELS, RETIRED } from "./models.ts";

/** Options of {@link claude}. */
export interface ClaudeOptions {
  /** `[a-z][a-z0-9-]*`. Default `claude`. Set it to use Claude twice in a chain. */
  readonly id?: string | undefined;
  /** The display name. Default `Claude`. */
  readonly name?: string | undefined;
  /** Default: `ANTHROPIC_API_KEY`. A function is called for the plan of each call. */
  readonly apiKey?: ApiKey | undefined;
  /**
   * A client of the Anthropic SDK that sends the requests, instead of `apiKey`, `baseURL` and `fetch`: `new AnthropicBedrock(…)`,
   * `new AnthropicVertex(…)`, an `Anthropic` with a workload identity, or any other class of the SDK.
   */
  readonly client?: SDKClient | undefined;
  /** Default: `ANTHROPIC_MODEL`, else `claude-sonnet-5-5`. */
  readonly model?: string | undefined;
  /** Default: `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com`. */
  readonly baseURL?: string | undefined;
  /** Added to each request. A browser needs `anthropic-dangerous-direct-browser-access: true`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the platform's `fetch`. */
  readonly fetch?: FetchFunction | undefined;
  /** Allow a base URL with `http://` for hosts other than localhost. Default false. */
  readonly allowInsecureHttp?: boolean | undefined;
}

/**
 * Claude, on Anthropic's Messages API. The official SDK is loaded at the first call.
 *
 * `providerOptions.claude.body` may contain any field of the API, such as `service_tier`, and on parts `cache_control`. The newer models omit
 * the text of their reasoning unless a call requests it with
 * `thinking: { type: "adaptive", display: "summarized" }`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or invalid
 */
export function claude(options: ClaudeOptions = {}): Provider {
  checkFactoryOptions("claude", options);
  const { id = "claude", name = "Claude", model = null, client, headers, fetch } = options;
  const endpoint =
    client === undefined
      ? createEndpoint({
          provider: id,
          apiKey: options.apiKey,
          baseURL: options.baseURL,
          allowInsecureHttp: options.allowInsecureHttp,
          envKey: "ANTHROPIC_API_KEY",
          envBaseURL: "ANTHROPIC_BASE_URL",
          defaultBaseURL: "https://api.anthropic.com",
        })
      : createClientEndpoint({ provider: id, client });
  const calls = createLazyCalls(async () => {
    // By its public name, so that this file can be a part of the bundle of another package without it.
    const { createCalls } = await import("@babylon/provider-claude/calls");
    return createCalls({ id, name, client, headers, fetch }, endpoint, MODEL_FACTS);
  });

  return {
    spec: 1,
    id,
    name,
    envKey: "ANTHROPIC_API_KEY",
    keyURL: "https://platform.claude.com/settings/keys",
    envModel: "ANTHROPIC_MODEL",
    envBaseURL: "ANTHROPIC_BASE_URL",
    model,
    defaultModel: DEFAULT_MODEL,
    models: MODELS,
    retired: RETIRED,
    capabilities: capabilitiesOf,
    isConfigured: endpoint.isConfigured,
    configProblems: endpoint.problems,
    credentialId: endpoint.credentialId,

    ...calls,
  };
}
