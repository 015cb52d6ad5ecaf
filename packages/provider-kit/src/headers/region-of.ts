import { echoesSecret } from "../http/echoes-secret.ts";
import type { ResponseHeaders } from "../http/transport.ts";

/** Matches a region: `us-west-1`, `East US 2`. */
const REGION = /^[A-Za-z0-9][\w .:/-]{0,63}$/;

/**
 * The region that served a reply: Groq's `x-groq-region`, Azure's `x-ms-region` (2026-11); `null` if it is not stated.
 *
 * @param secrets - keys in use
 */
export function regionOf(headers: ResponseHeaders, secrets: readonly string[]): string | null {
  const region = headers.get("x-groq-region") ?? headers.get("x-ms-region");
  return region !== null && REGION.test(region) && !echoesSecret(region, secrets) ? region : null;
}
