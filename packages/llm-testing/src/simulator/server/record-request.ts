import type { IncomingMessage } from "node:http";
import { isRecord } from "@babylon/llm-core";
import { bearerOf, headerOf } from "../bearer.ts";
import type { Exchange, ProviderWire } from "../provider-wire.ts";
import { hashOf } from "../random.ts";
import type { OpenRequest } from "./request-log.ts";
import { SIMULATED_KEYS } from "./simulated-keys.ts";
import type { CheckedOptions } from "./simulator-options.ts";

/** The parts of a request that its vendor's checks need. */
export interface OpenExchange {
  readonly record: OpenRequest;
  readonly exchange: Exchange;
  readonly request: IncomingMessage;
  readonly body: unknown;
  readonly path: string;
}

/** The facts of a request before its vendor's checks. */
export function recordOf(
  request: IncomingMessage,
  wire: ProviderWire,
  number: number,
  text: string | null,
  options: CheckedOptions,
): OpenExchange {
  const url = request.url ?? "/";
  const path = url.slice(wire.basePath.length).split("?", 1)[0] ?? "/";
  const body = parse(text);
  const model = isRecord(body) && typeof body.model === "string" ? body.model : null;
  const now = Date.now();
  const requestId = `req_${hashOf(`${options.seed} ${number}`).toString(36).padStart(7, "0")}${number.toString(36).padStart(9, "0")}`;
  return {
    request,
    body,
    path,
    exchange: { number, requestId, model: model ?? "", now },
    record: {
      id: number,
      provider: wire.provider,
      endpoint: endpointOf(wire, path),
      method: request.method ?? "GET",
      path: url,
      model,
      stream: isRecord(body) && body.stream === true,
      callId: headerOf(request.headers, "x-client-request-id"),
      requestId,
      headers: withoutKeys(request),
      keyOk: [bearerOf(request.headers), headerOf(request.headers, "x-api-key")].includes(
        SIMULATED_KEYS[wire.provider],
      ),
      body: options.recordBodies ? body : null,
      receivedAt: now,
      endedAt: null,
      status: null,
      fault: null,
      outcome: "pending",
      answerId: null,
      usage: null,
    },
  };
}

/** The parsed text, or the text itself if it is not JSON. */
function parse(text: string | null): unknown {
  if (text === null || text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function endpointOf(wire: ProviderWire, path: string): OpenRequest["endpoint"] {
  if (path === wire.chatPath) return "chat";
  return path === wire.modelsPath || path.startsWith(`${wire.modelsPath}/`) ? "models" : "other";
}

function withoutKeys(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const secret = name === "authorization" || name === "x-api-key";
    headers[name] = secret ? "[redacted]" : String(value);
  }
  return headers;
}
