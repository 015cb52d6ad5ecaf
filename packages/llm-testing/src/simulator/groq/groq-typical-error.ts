import type { Exchange } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";

interface ErrorObject {
  readonly message: string;
  readonly type: string;
  readonly code?: string;
}

const server = (message: string): ErrorObject => ({ message, type: "internal_server_error" });

/** Groq's typical error for a status. Sources: Groq's errors and flex-processing pages (2026), published error bodies. */
const TYPICAL: Readonly<Record<number, ErrorObject>> = {
  400: { message: "Invalid request.", type: "invalid_request_error" },
  401: { message: "Invalid API Key", type: "invalid_request_error", code: "invalid_api_key" },
  403: { message: "Access denied. Please check your network settings.", type: "permissions_error", code: "forbidden" },
  404: {
    message: "The model does not exist or you do not have access to it.",
    type: "invalid_request_error",
    code: "model_not_found",
  },
  413: { message: "Request Entity Too Large", type: "invalid_request_error", code: "request_too_large" },
  422: {
    message: "Unprocessable Entity: the model produced an answer that could not be read.",
    type: "invalid_request_error",
  },
  498: {
    message: "Flex tier capacity exceeded, please try again later.",
    type: "capacity_exceeded",
    code: "capacity_exceeded",
  },
  499: { message: "Request cancelled by the caller.", type: "request_cancelled" },
  500: server("Internal Server Error"),
  502: server("Bad Gateway"),
  503: { message: "Service Unavailable", type: "service_unavailable" },
};

/** The usual body and headers of a status. */
export function groqTypicalError(status: number, { model }: Exchange): SimulatedRefusal {
  if (status === 429) {
    const message = `Rate limit reached for model \`${model}\` in organization \`org_simulated\` service tier \`on_demand\` on requests per minute (RPM): Limit 30, Used 30, Requested 1. Please try again in 1s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`;
    return {
      status,
      body: { error: { message, type: "requests", code: "rate_limit_exceeded" } },
      headers: { "retry-after": "1" },
    };
  }
  return {
    status,
    body: { error: TYPICAL[status] ?? (status >= 500 ? server("Internal Server Error") : TYPICAL[400]) },
  };
}
