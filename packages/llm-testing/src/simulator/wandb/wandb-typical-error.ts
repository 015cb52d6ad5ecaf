import type { Exchange } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";

/** The error envelope of W&B's gateway. */
export const wandbError = (status: number, message: string, code: string | number = status): SimulatedRefusal => ({
  status,
  body: { error: { message, code } },
});

/** W&B's typical error for a status. Source: W&B's errors page and support articles (2026). */
const TYPICAL: Readonly<Record<number, string>> = {
  401: "Authentication failed",
  402: "You exceeded your current quota, please check your plan and billing details",
  403: "Country, region, or territory not supported",
  404: "The requested resource was not found",
  500: "The server had an error while processing your request",
  503: "The engine is currently overloaded, please try again later",
};

/** The usual body of a status. No header states a wait, because none is documented. */
export function wandbTypicalError(status: number, { model }: Exchange): SimulatedRefusal {
  if (status === 422) {
    const detail = [
      { loc: ["body", "temperature"], msg: "Input should be less than or equal to 2", type: "less_than_equal" },
    ];
    return { status, body: { detail } };
  }
  if (status === 429) {
    return wandbError(
      429,
      `concurrency limit reached for requests: ${model}-project limit reached`,
      "rate_limit_exceeded",
    );
  }
  const fallback = status >= 500 ? TYPICAL[500] : "Bad request";
  return wandbError(status, TYPICAL[status] ?? fallback ?? "Bad request");
}
