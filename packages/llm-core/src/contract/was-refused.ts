import type { Attempt } from "./attempt.ts";

/**
 * Statuses after which the model may have answered nevertheless: the client or a proxy gave up waiting. 408 and 499: the client, 502, 504 and
 * 520 to 527: a proxy.
 */
const isUncertain = (status: number): boolean =>
  status === 408 || status === 499 || status === 502 || status === 504 || (status >= 520 && status <= 527);

/** Whether a request cannot have been billed: it was not sent, or the vendor's reply was an error before any output. */
export function wasRefused({ sent, outcome, error, outputChars }: Attempt): boolean {
  if (sent === false) return true;
  if (outcome !== "failed" || outputChars > 0) return false;
  const status = error?.status ?? null;
  return status !== null && status >= 400 && !isUncertain(status);
}
