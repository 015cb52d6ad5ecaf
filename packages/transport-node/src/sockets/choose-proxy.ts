import { type Env, readEnv } from "@babylon/llm-core";

/** A proxy, as a variable of the environment names it. */
export interface ProxyVariable {
  readonly variable: string;
  /** May hold a password: for nobody's eyes. */
  readonly value: string;
}

/** In this order; the lower-case ones are the older ones, and win. */
const VARIABLES = {
  http: ["http_proxy", "HTTP_PROXY"],
  https: ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"],
} as const;

/**
 * The proxy that requests to an origin take, or `null`: by the rules of Node's own `fetch` with `NODE_USE_ENV_PROXY=1` (undici 7.29,
 * 2026-11), so that the flag changes nothing. A lower-case name wins over its upper-case one, an empty variable counts as not set,
 * and where no proxy is named for `https`, the one for `http` serves. `ALL_PROXY` is not read. Pure.
 *
 * `no_proxy` or `NO_PROXY` lists, between commas or blanks, what needs none: `*`, a host with all below it (`corp.example`,
 * `.corp.example` and `*.corp.example` say the same, as for curl), either with a port, and a range of IPv4 addresses (`10.0.0.0/8`).
 * This machine is no exception.
 */
export function chooseProxy(env: Env, origin: string): ProxyVariable | null {
  for (const variable of origin.startsWith("https:") ? VARIABLES.https : VARIABLES.http) {
    const value = readEnv(env, variable);
    if (value !== undefined) return needsNone(env, origin) ? null : { variable, value };
  }
  return null;
}

function needsNone(env: Env, origin: string): boolean {
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

/** A port at the end of an entry. An IPv6 address with a port has brackets; without them all of it is the address. */
const WITH_PORT = /^(\[.*\]|[^:]*):(\d+)$/;

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, beforePort = entry, onlyPort = port] = WITH_PORT.exec(entry) ?? [];
  if (onlyPort !== port) return false;
  const name = bare(beforePort).replace(/^\*?\./, "");
  if (name === "") return false;
  return host === name || (host.endsWith(`.${name}`) && !isIPv4(host)) || isInRange(host, name);
}

/** Without brackets and without the dot of the root. */
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
