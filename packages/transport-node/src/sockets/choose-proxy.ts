import { type Env, readEnv } from "@babylon/llm-core";

/** The environment variable that names a proxy. */
export interface ProxyVariable {
  readonly variable: string;
  /** May contain a password: never shown or logged. */
  readonly value: string;
}

/** In order of precedence; lower-case names win. */
const VARIABLES = {
  http: ["http_proxy", "HTTP_PROXY"],
  https: ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"],
} as const;

/**
 * The proxy for requests to an origin, or `null`, by the rules of Node's own `fetch` with `NODE_USE_ENV_PROXY=1` (undici 7.29, 2026-11), so
 * that the flag makes no difference. A lower-case name wins over its upper-case one, an empty variable counts as not set, and without a
 * proxy for `https` the one for `http` is used. `ALL_PROXY` is not read. Pure.
 *
 * `no_proxy` or `NO_PROXY` is a list, separated by commas or spaces, of origins without a proxy: `*`; a host with its subdomains
 * (`corp.example`, `.corp.example` and `*.corp.example` are equivalent, as in curl); either with a port; a range of IPv4 addresses
 * (`10.0.0.0/8`). There is no built-in exception for localhost.
 */
export function chooseProxy(env: Env, origin: string): ProxyVariable | null {
  for (const variable of origin.startsWith("https:") ? VARIABLES.https : VARIABLES.http) {
    const value = readEnv(env, variable);
    if (value !== undefined) return isExcluded(env, origin) ? null : { variable, value };
  }
  return null;
}

function isExcluded(env: Env, origin: string): boolean {
  const list = readEnv(env, "no_proxy") ?? readEnv(env, "NO_PROXY");
  if (list === undefined) return false;
  const { protocol, hostname, port } = new URL(origin);
  const host = bare(hostname);
  const actualPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => covers(entry, host, actualPort));
}

/** An entry with a port. An IPv6 address with a port has brackets. */
const WITH_PORT = /^(\[.*\]|[^:]*):(\d+)$/;

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, beforePort = entry, onlyPort = port] = WITH_PORT.exec(entry) ?? [];
  if (onlyPort !== port) return false;
  const name = bare(beforePort).replace(/^\*?\./, "");
  if (name === "") return false;
  return host === name || (host.endsWith(`.${name}`) && !isIPv4(host)) || isInRange(host, name);
}

/** A host without brackets and without a trailing dot. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

const isIPv4 = (host: string): boolean => toNumber(host) !== null;

/** Whether an IPv4 address is in a range like `10.0.0.0/8`. */
function isInRange(host: string, range: string): boolean {
  const [start = "", length = ""] = range.split("/");
  const from = toNumber(start);
  const address = toNumber(host);
  if (from === null || address === null || !/^\d{1,2}$/.test(length) || Number(length) > 32) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(from / size) === Math.floor(address / size);
}

function toNumber(address: string): number | null {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
