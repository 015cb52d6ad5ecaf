import type { SimulatedAnswer } from "../answer/simulated-request.ts";
import { bearerOf, headerOf } from "../bearer.ts";
import { type ChatStyle, chatEvents, chatJson } from "../openai-wire/chat-body.ts";
import type { Exchange, ModelLimits, ProviderWire } from "../provider-wire.ts";
import { hashOf } from "../random.ts";
import type { ComplaintKind, RequestRefusedError, SimulatedRefusal } from "../simulated-refusal.ts";
import { checkOpenAIRequest } from "./check-openai-request.ts";
import { OPENAI_MODELS } from "./openai-models.ts";
import { openaiTypicalError } from "./openai-typical-error.ts";

const CODES: Readonly<Record<ComplaintKind, string | null>> = {
  missing: "missing_required_parameter",
  unknown: "unknown_parameter",
  type: "invalid_type",
  value: "invalid_value",
  "unsupported-parameter": "unsupported_parameter",
  "unsupported-value": "unsupported_value",
  schema: null,
  "model-not-found": "model_not_found",
  "context-length": "context_length_exceeded",
  other: null,
};

/** OpenAI's error envelope. */
export const openaiError = (
  status: number,
  message: string,
  { param = null, code = null }: { readonly param?: string | null; readonly code?: string | null } = {},
): SimulatedRefusal => ({ status, body: { error: { message, type: "invalid_request_error", param, code } } });

function usageOf({ usage }: SimulatedAnswer): unknown {
  if (usage === null) return null;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: usage.audioInputTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.audioOutputTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const STYLE: ChatStyle = {
  idPrefix: "chatcmpl-",
  showsReasoning: false,
  splitsToolCalls: true,
  extra: ',"system_fingerprint":null',
  tierPlace: "everywhere",
  usagePlace: "own-chunk",
  firstExtra: () => "",
  finishExtra: () => "",
  padding: (chunk) =>
    `,"obfuscation":"${hashOf(`pad ${chunk}`)
      .toString(36)
      .slice(0, 1 + (chunk % 7))}"`,
  usage: usageOf,
};

const UNPADDED: ChatStyle = { ...STYLE, padding: () => "" };

/** OpenAI's Chat Completions and models, as of November 2026. */
export function createOpenAIWire(key: string, limits: ModelLimits): ProviderWire {
  const models = Object.entries(OPENAI_MODELS).map(([id, { shutdownDate }]) => ({
    id,
    object: "model",
    created: 1_780_000_000,
    owned_by: "openai",
    shutdown_date: shutdownDate,
  }));
  return {
    provider: "openai",
    basePath: "/openai/v1",
    chatPath: "/chat/completions",
    modelsPath: "/models",
    keepAlive: null,
    checkHeaders(headers) {
      const bearer = bearerOf(headers);
      if (bearer === null) {
        const message =
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
        return openaiError(401, message);
      }
      if (bearer !== key) {
        const masked = `${bearer.slice(0, 4)}****${bearer.slice(-4)}`;
        const message = `Incorrect API key provided: ${masked}. You can find your API key at https://platform.openai.com/account/api-keys.`;
        return openaiError(401, message, { code: "invalid_api_key" });
      }
      const project = headerOf(headers, "openai-project");
      if (project !== null && !project.startsWith("proj_")) {
        const message = "OpenAI-Project header should match project for API key";
        return openaiError(401, message, { code: "mismatched_project" });
      }
      const organization = headerOf(headers, "openai-organization");
      if (organization !== null && !organization.startsWith("org-")) {
        const message = "OpenAI-Organization header should match organization for API key";
        return openaiError(401, message, { code: "mismatched_organization" });
      }
      return null;
    },
    read: (body) => checkOpenAIRequest(body, (id, model) => ({ ...model, ...limits[id] })),
    refuse(refused: RequestRefusedError) {
      const code = refused.vendorCode ?? CODES[refused.kind];
      const status = refused.kind === "model-not-found" ? 404 : 400;
      return openaiError(status, refused.message, { param: refused.path, code: code === "unrecognized" ? null : code });
    },
    unknownPath: (method, path) => openaiError(404, `Invalid URL (${method} /v1${path})`),
    typicalError: openaiTypicalError,
    inBandError: () => ({
      message: "The server had an error while processing your request. Sorry about that!",
      type: "server_error",
      param: null,
      code: null,
    }),
    errorEvent: (error) => `data: ${JSON.stringify({ error })}\n\n`,
    errorBody: (error) => ({ error }),
    models: (id) =>
      id === null ? { object: "list", data: models } : (models.find((model) => model.id === id) ?? null),
    headers: (exchange: Exchange) => ({
      "x-request-id": exchange.requestId,
      "openai-processing-ms": "12",
      "openai-version": "2020-10-01",
      "x-ratelimit-limit-requests": "30000",
      "x-ratelimit-limit-tokens": "150000000",
      "x-ratelimit-remaining-requests": "29999",
      "x-ratelimit-remaining-tokens": "149999000",
      "x-ratelimit-reset-requests": "2ms",
      "x-ratelimit-reset-tokens": "0s",
    }),
    json: (_ask, answer, exchange) => chatJson(STYLE, answer, exchange),
    events: (ask, answer, exchange) => chatEvents(ask.obfuscated ? STYLE : UNPADDED, ask, answer, exchange),
  };
}
