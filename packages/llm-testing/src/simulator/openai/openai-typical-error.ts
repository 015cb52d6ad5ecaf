import type { Exchange } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";

interface ErrorObject {
  readonly message: string;
  readonly type: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

const server = (message: string, code: string | null = null): ErrorObject => ({ message, type: "server_error", code });

/** OpenAI's typical error for a status. Sources: error-codes page (2026-10) and published error bodies. */
const TYPICAL: Readonly<Record<number, ErrorObject>> = {
  400: { message: "Invalid request.", type: "invalid_request_error" },
  401: { message: "Incorrect API key provided.", type: "invalid_request_error", code: "invalid_api_key" },
  403: {
    message: "Country, region, or territory not supported",
    type: "request_forbidden",
    code: "unsupported_country_region_territory",
  },
  404: { message: "The requested resource was not found.", type: "invalid_request_error", code: "model_not_found" },
  408: server("Request timed out."),
  409: server("The resource is being modified by another request. Please try again."),
  422: { message: "The request could not be processed.", type: "invalid_request_error" },
  500: server("The server had an error while processing your request. Sorry about that!"),
  502: server("Bad gateway."),
  503: server("The engine is currently overloaded, please try again later", "server_is_overloaded"),
  504: server("Gateway timeout."),
};

/** The usual body and headers of a status. */
export function openaiTypicalError(status: number, { model }: Exchange): SimulatedRefusal {
  if (status === 429) {
    const message = `Rate limit reached for ${model} in organization org-simulated on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 1s.`;
    return {
      status,
      body: { error: { message, type: "requests", param: null, code: "rate_limit_exceeded" } },
      headers: { "retry-after": "1" },
    };
  }
  const fallback = status >= 500 ? server("The server had an error.") : TYPICAL[400];
  const error = TYPICAL[status] ?? fallback;
  return { status, body: { error: { param: null, code: null, ...error } } };
}
