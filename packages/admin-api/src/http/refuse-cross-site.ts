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
 * Throws `cross_site` when a browser sent a write from another site's page. With a list of origins, the request's origin must be in
 * it, whatever the host is; that also stops another host name that resolves to this server. Without one, `Sec-Fetch-Site` decides, and
 * where the browser does not send it the origin's host must be the request's. Clients that are not browsers send neither header and
 * pass.
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
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (hostOf(origin) !== host) throw refusal();
}
