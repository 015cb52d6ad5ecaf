import type { ProxyVariable } from "./choose-proxy.ts";
import { ProxyError } from "./proxy-error.ts";

/** The address and credentials of a proxy. */
export interface ProxyAddress {
  /** Whether the connection to the proxy itself uses TLS. */
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** For display: host and port, without credentials. */
  readonly label: string;
  /** The environment variable that names the proxy. */
  readonly variable: string;
  /** The value of `proxy-authorization`, or `null`. */
  readonly authorization: string | null;
}

/**
 * Parses the URL of a proxy: `http://host:port`, `https://user:password@host`, or `host:port`. User and password may be
 * percent-encoded. Pure.
 *
 * @throws ProxyError for anything else, SOCKS included: bypassing a configured proxy would be worse than failing
 */
export function proxyAddress({ variable, value }: ProxyVariable): ProxyAddress {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null || url.hostname === "" || !/^https?:$/.test(url.protocol)) {
    throw new ProxyError("PROXY_INVALID", `${variable} is not an http:// or https:// URL of a proxy`);
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
    // A percent sign that was not encoded.
    return text;
  }
}
