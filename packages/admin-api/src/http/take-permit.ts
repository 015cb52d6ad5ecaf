import type { RateLimit } from "../rate-limit.ts";
import { AdminError } from "./admin-error.ts";

/** Takes a permit of a limit. Throws `rate_limited` with the time until the next one. */
export function takePermit(limit: RateLimit, message: string): void {
  const retryAfterMs = limit.take();
  if (retryAfterMs > 0) throw new AdminError("rate_limited", message, { retryAfterMs });
}
