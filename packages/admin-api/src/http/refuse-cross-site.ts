import { AdminError } from "./admin-error.ts";

const refusal = () => new AdminError("cross_site", "writes from other sites are refused");

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

/**
 * Throws `cross_site` when a browser sent a write from another site's page. With a list of origins, the request's own must be on
 * it, whatever its host is called; that also stops a foreign name that was made to point here. Without one, the browser's word
 * (`Sec-Fetch-Site`) counts, and where it has none the origin's host must be the one that was asked. Clients that are no browsers
 * send neither header and pass.
 */
export function refuseCrossSite(request: Request, allowedOrigins: readonly string[] | undefined): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (allowedOrigins !== undefined && origin !== null) {
    if (!allowedOrigins.includes(origin)) throw refusal();
    return;
  }
  if (site !== null) {
    if (site !== "same-origin" && site !== "none") throw refusal();
    return;
  }
  if (origin === null) return;
  const asked = request.headers.get("host") ?? new URL(request.url).host;
  if (hostOf(origin) !== asked) throw refusal();
}
