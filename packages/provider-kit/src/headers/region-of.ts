import { echoesSecret } from "../http/echoes-secret.ts";
import type { ResponseHeaders } from "../http/transport.ts";

/** Regions as vendors write them: `us-west-1`, `East US 2`. */
const REGION = /^[A-Za-z0-9][\w .:/-]{0,63}$/;

/**
 * Where a reply was made: Groq's `x-groq-region`, Azure's `x-ms-region` (2026-11); `null` where it does not say.
 *
 * @param secrets - keys in use
 */
export function regionOf(headers: ResponseHeaders, secrets: readonly string[]): string | null {
  const region = headers.get("x-groq-region") ?? headers.get("x-ms-region");
  return region !== null && REGION.test(region) && !echoesSecret(region, secrets) ? region : null;
}
