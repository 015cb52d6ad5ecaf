import type { IncomingHttpHeaders } from "node:http";
import { bearerOf, headerOf } from "../bearer.ts";
import type { Exchange, ModelLimits, ProviderWire } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";
import { checkClaudeRequest, NEW_VERSION } from "./check-claude-request.ts";
import { CLAUDE_EFFORTS, CLAUDE_MODELS, type ClaudeModel } from "./claude-models.ts";
import { claudeError, claudeTypicalError } from "./claude-typical-error.ts";
import { messageEvents, messageJson, PING } from "./message-body.ts";

const VERSIONS: readonly string[] = ["2023-06-01", NEW_VERSION];

/** Anthropic's Messages API and models, as of November 2026, in both of its versions. */
export function createClaudeWire(key: string, limits: ModelLimits): ProviderWire {
  const models = Object.entries(CLAUDE_MODELS).map(([id, model]) => toModelInfo(id, model));
  return {
    provider: "claude",
    basePath: "/claude",
    chatPath: "/v1/messages",
    modelsPath: "/v1/models",
    keepAlive: PING,
    checkHeaders: (headers, exchange) => checkKey(headers, key, exchange) ?? checkVersion(headers, exchange),
    read: (body, headers) =>
      checkClaudeRequest(body, headerOf(headers, "anthropic-version") ?? "", (id, model) => ({
        ...model,
        ...limits[id],
      })),
    refuse: (refused, exchange) =>
      refused.kind === "model-not-found"
        ? claudeError(404, "not_found_error", refused.message, exchange)
        : claudeError(400, "invalid_request_error", refused.message, exchange),
    unknownPath: (_method, _path, exchange) => claudeError(404, "not_found_error", "Not found", exchange),
    typicalError: claudeTypicalError,
    inBandError: () => ({ type: "overloaded_error", message: "Overloaded" }),
    errorEvent: (error) => `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`,
    errorBody: (error, { requestId }) => ({ type: "error", error, request_id: requestId }),
    models: (id) => {
      if (id !== null) return models.find((model) => model.id === id) ?? null;
      return { data: models, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
    },
    headers: (exchange) => ({
      "request-id": exchange.requestId,
      "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
      ...rateLimits(exchange.now),
    }),
    json: messageJson,
    events: messageEvents,
  };
}

function checkKey(headers: IncomingHttpHeaders, key: string, exchange: Exchange): SimulatedRefusal | null {
  const own = headerOf(headers, "x-api-key");
  const bearer = bearerOf(headers);
  if (own === null && bearer === null) {
    return claudeError(401, "authentication_error", "x-api-key header is required", exchange);
  }
  if (own !== null && bearer !== null) {
    return claudeError(401, "authentication_error", "Only one of x-api-key and Authorization may be sent.", exchange);
  }
  if (own === key || bearer === key) return null;
  return claudeError(
    401,
    "authentication_error",
    own === null ? "Invalid bearer token" : "invalid x-api-key",
    exchange,
  );
}

function checkVersion(headers: IncomingHttpHeaders, exchange: Exchange): SimulatedRefusal | null {
  const version = headerOf(headers, "anthropic-version");
  if (version === null) {
    return claudeError(400, "invalid_request_error", "anthropic-version: header is required", exchange);
  }
  if (VERSIONS.includes(version)) return null;
  const message = `anthropic-version: "${version}" is not a valid version. Versions are dates such as ${VERSIONS.join(", ")}.`;
  return claudeError(400, "invalid_request_error", message, exchange);
}

function toModelInfo(id: string, model: ClaudeModel): { readonly id: string } & Record<string, unknown> {
  const support = (supported: boolean): unknown => ({ supported });
  const types = Object.fromEntries(
    (["adaptive", "between_tools", "disabled", "enabled"] as const).map((type) => [
      type,
      support(model.thinking.includes(type)),
    ]),
  );
  const levels = Object.fromEntries(CLAUDE_EFFORTS.map((level) => [level, support(model.effort.includes(level))]));
  return {
    id,
    type: "model",
    display_name: model.displayName,
    created_at: "2026-10-07T00:00:00Z",
    lifecycle: model.lifecycle,
    deprecated_at: model.lifecycle === "deprecated" ? "2026-09-01T00:00:00Z" : null,
    retires_at: model.retiresAt,
    line: model.line,
    max_input_tokens: model.contextTokens,
    max_tokens: model.maxOutputTokens,
    capabilities: {
      structured_outputs: support(true),
      image_input: support(true),
      pdf_input: support(true),
      effort: { supported: model.effort.length > 0, ...levels },
      thinking: { supported: true, types },
    },
  };
}

/** The resets are dates, not durations: RFC 3339 with whole seconds. */
function rateLimits(now: number): Record<string, string> {
  const reset = `${new Date(now + 1_000).toISOString().slice(0, 19)}Z`;
  const headers: Record<string, string> = {};
  for (const [kind, limit] of [
    ["requests", 4_000],
    ["tokens", 480_000],
    ["input-tokens", 400_000],
    ["output-tokens", 80_000],
  ] as const) {
    headers[`anthropic-ratelimit-${kind}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${kind}-remaining`] = String(limit - 1);
    headers[`anthropic-ratelimit-${kind}-reset`] = reset;
  }
  return headers;
}
