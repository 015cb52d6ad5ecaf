import type { ProxyVariable } from "./choose-proxy.ts";
import { ProxyError } from "./proxy-error.ts";

/** Where a proxy is and what it asks for. */
export interface ProxyAddress {
  /** The proxy itself is spoken to over TLS. */
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** For people: host and port, without credentials. */
  readonly label: string;
  /** The variable that names it. */
  readonly variable: string;
  /** The value of `proxy-authorization`, or `null`. */
  readonly authorization: string | null;
}

/**
 * Reads the URL of a proxy: `http://host:port`, `https://user:password@host`, or `host:port`. User and password may be
 * percent-encoded. Pure.
 *
 * @throws ProxyError for anything else, SOCKS included: to go past a proxy that somebody set would be worse than to fail
 */
export function proxyAddress({ variable, value }: ProxyVariable): ProxyAddress {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null || url.hostname === "" || !/^https?:$/.test(url.protocol)) {
    throw new ProxyError("PROXY_INVALID", `${variable} is no http:// or https:// URL of a proxy`);
  }
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const { username, password } = url;
  return {
    isSecure,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    label: `${url.hostname}:${port}`,
    variable,
    authorization: username === "" && password === "" ? null : basic(`${decode(username)}:${decode(password)}`),
  };
}

/** RFC 7617, in UTF-8. */
function basic(credentials: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(credentials)))}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign of somebody who did not encode.
    return text;
  }
}
