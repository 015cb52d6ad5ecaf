import { toWaitMs } from "@babylon/llm-core";
import { arrayField, fieldOf, numberField, stringField } from "../read-field.ts";
import { parseDuration } from "./parse-duration.ts";

/**
 * Reads a wait from an error's body: Google's `RetryInfo` (`retryDelay: "38s"`), and the `retry_after` of gateways in seconds.
 * Milliseconds, at most 24 h; `null` if there is none.
 */
export function waitInBody(body: unknown): number | null {
  const error = fieldOf(body, "error") ?? body;
  for (const detail of arrayField(error, "details")) {
    const delay = stringField(detail, "retryDelay");
    const waitMs = delay === null ? null : parseDuration(delay);
    if (waitMs !== null) return waitMs;
  }
  for (const object of [error, fieldOf(error, "metadata"), body]) {
    const seconds = numberField(object, "retry_after") ?? numberField(object, "retry_after_seconds");
    if (seconds !== null && seconds >= 0) return toWaitMs(seconds * 1_000);
  }
  return null;
}
