import { toWaitMs } from "@babylon/llm-core";
import { arrayField, fieldOf, numberField, stringField } from "../read-field.ts";
import { parseDuration } from "./parse-duration.ts";

/**
 * A wait that stands in the fields of an error's body: Google's `RetryInfo` (`retryDelay: "38s"`), and `retry_after` in seconds as
 * gateways write it. Milliseconds, at most 24 h; `null` when there is none.
 */
export function waitInBody(body: unknown): number | null {
  const error = fieldOf(body, "error") ?? body;
  for (const detail of arrayField(error, "details")) {
    const delay = stringField(detail, "retryDelay");
    const waitMs = delay === null ? null : parseDuration(delay);
    if (waitMs !== null) return waitMs;
  }
  for (const place of [error, fieldOf(error, "metadata"), body]) {
    const seconds = numberField(place, "retry_after") ?? numberField(place, "retry_after_seconds");
    if (seconds !== null && seconds >= 0) return toWaitMs(seconds * 1_000);
  }
  return null;
}
