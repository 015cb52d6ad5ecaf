import { StorageError } from "@babylon/storage";

/** A parsed `clickhouse+http://` or `clickhouse+https://` URL. */
export interface ClickhouseUrl {
  /** The address of the server, without path and credentials. */
  readonly origin: string;
  /** Default `default`. */
  readonly database: string;
  readonly user: string;
  /** Empty: none. */
  readonly password: string;
  /** The URL without credentials, for display. */
  readonly location: string;
}

/** The ports of ClickHouse's HTTP interface. */
const PORTS = { "http:": "8123", "https:": "8443" } as const;

/** Parses a URL. Throws `invalid`; the message names `at` and never repeats the URL, which may contain a password. */
export function parseClickhouseUrl(text: string, at: string): ClickhouseUrl {
  const url = URL.parse(text.replace(/^clickhouse\+/i, ""));
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalid(at, "not a valid clickhouse+https:// URL");
  }
  if (url.search !== "" || url.hash !== "") throw invalid(at, "clickhouse+https:// takes no options");
  const [, database] = /^\/?([^/]*)\/?$/.exec(decode(url.pathname, at)) ?? [];
  if (database === undefined) throw invalid(at, "expected the name of a database after the host");
  // `URL` has no port where it is the default one of HTTP.
  const hasPort = /^[^/]*\/\/[^/]*:\d+(\/|$)/.test(text);
  if (!hasPort) url.port = PORTS[url.protocol];
  return {
    origin: url.origin,
    database: database === "" ? "default" : database,
    user: decode(url.username, at) || "default",
    password: decode(url.password, at),
    location: `clickhouse+${url.origin}/${database === "" ? "default" : encodeURIComponent(database)}`,
  };
}

function invalid(at: string, reason: string): StorageError {
  return new StorageError({ code: "invalid", message: `${at}: ${reason}`, applied: "no", at });
}

function decode(text: string, at: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(at, "a character of the URL is not encoded");
  }
}
