import type { SimulatedAnswer } from "../answer/simulated-request.ts";
import { bearerOf } from "../bearer.ts";
import { type ChatStyle, chatEvents, chatJson } from "../openai-wire/chat-body.ts";
import type { Exchange, ModelLimits, ProviderWire } from "../provider-wire.ts";
import type { RequestRefusedError, SimulatedRefusal } from "../simulated-refusal.ts";
import { checkGroqRequest } from "./check-groq-request.ts";
import { GROQ_MODELS } from "./groq-models.ts";
import { groqTypicalError } from "./groq-typical-error.ts";

/** Groq's error envelope: absent fields are omitted. */
export const groqError = (
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): SimulatedRefusal => ({
  status,
  body: { error: { message, type: "invalid_request_error", ...more } },
});

function usageOf({ usage }: SimulatedAnswer): unknown {
  if (usage === null) return null;
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = usage;
  return {
    queue_time: 0.01,
    prompt_tokens: inputTokens,
    prompt_time: 0.002,
    completion_tokens: outputTokens,
    completion_time: 0.05,
    total_tokens: inputTokens + outputTokens,
    total_time: 0.052,
    ...(cachedTokens === 0 ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
    ...(reasoningTokens === 0 ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}

const STYLE: ChatStyle = {
  idPrefix: "chatcmpl-",
  showsReasoning: true,
  splitsToolCalls: false,
  extra: ',"system_fingerprint":"fp_simulated"',
  tierPlace: "json",
  usagePlace: "finish-chunk",
  firstExtra: ({ requestId, number }) => `,"x_groq":{"id":"${requestId}","seed":${number}}`,
  finishExtra: (usage, { requestId }) =>
    `,"x_groq":{"id":"${requestId}"${usage === null ? "" : `,"usage":${JSON.stringify(usage)}`}}`,
  padding: () => "",
  usage: usageOf,
};

/** Property paths in Groq's notation: `messages.0.name`. */
const dotted = (path: string): string => path.replace(/\[(\d+)\]/g, ".$1");

/** Groq's chat completions and models, as of November 2026. */
export function createGroqWire(key: string, limits: ModelLimits): ProviderWire {
  const models = Object.entries(GROQ_MODELS).map(([id, model]) => ({
    id,
    object: "model",
    created: 1_754_000_000,
    owned_by: model.ownedBy,
    active: true,
    context_window: model.contextTokens,
    max_completion_tokens: model.maxOutputTokens,
    public_apps: null,
  }));
  return {
    provider: "groq",
    basePath: "/groq/openai/v1",
    chatPath: "/chat/completions",
    modelsPath: "/models",
    keepAlive: null,
    checkHeaders: (headers) =>
      bearerOf(headers) === key ? null : groqError(401, "Invalid API Key", { code: "invalid_api_key" }),
    read: (body) => checkGroqRequest(body, (id, model) => ({ ...model, ...limits[id] })),
    refuse,
    unknownPath: (method, path) =>
      groqError(
        404,
        `Unknown request URL: ${method} /openai/v1${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`,
        {
          code: "unknown_url",
        },
      ),
    typicalError: groqTypicalError,
    inBandError: () => ({ message: "Internal Server Error", type: "internal_server_error" }),
    errorEvent: (error) => `event: error\ndata: ${JSON.stringify({ error })}\n\n`,
    errorBody: (error) => ({ error }),
    models: (id) =>
      id === null ? { object: "list", data: models } : (models.find((model) => model.id === id) ?? null),
    headers: ({ requestId }: Exchange, served) => ({
      "x-request-id": requestId,
      ...(served?.region == null ? {} : { "x-groq-region": served.region }),
      "x-ratelimit-limit-requests": "500000",
      "x-ratelimit-limit-tokens": "250000",
      "x-ratelimit-remaining-requests": "499999",
      "x-ratelimit-remaining-tokens": "249000",
      "x-ratelimit-reset-requests": "172.8ms",
      "x-ratelimit-reset-tokens": "240ms",
    }),
    json: (_ask, answer, exchange) =>
      chatJson({ ...STYLE, extra: `${STYLE.extra},"x_groq":{"id":"${exchange.requestId}"}` }, answer, exchange),
    events: (ask, answer, exchange) => chatEvents(STYLE, ask, answer, exchange),
  };
}

function refuse(refused: RequestRefusedError): SimulatedRefusal {
  const { kind, path, vendorCode } = refused;
  switch (kind) {
    case "model-not-found":
      return groqError(404, refused.message, { code: "model_not_found" });
    case "context-length":
      return groqError(400, refused.message, { param: "messages", code: "context_length_exceeded" });
    case "unknown":
      return groqError(400, unknownText(path ?? ""));
    default:
      return groqError(400, refused.message, {
        ...(path === null ? {} : { param: dotted(path) }),
        ...(vendorCode === "model_decommissioned" ? { code: vendorCode } : {}),
      });
  }
}

function unknownText(path: string): string {
  const at = path.lastIndexOf(".");
  if (at < 0) return `property '${path}' is unsupported`;
  return `'${dotted(path.slice(0, at))}' : property '${path.slice(at + 1)}' is unsupported`;
}
