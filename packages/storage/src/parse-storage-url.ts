import { resolve } from "node:path";
import { invalidOption } from "./storage-error.ts";

/** A URL of a storage, taken apart. */
export type StorageUrl = { readonly scheme: "memory" } | SqliteUrl | RedisUrl | PostgresUrl;

/** `sqlite://path` or `sqlite://:memory:`. */
export interface SqliteUrl {
  readonly scheme: "sqlite";
  /** Absolute; `null` for a database in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  /** To be shown. */
  readonly location: string;
}

/** A server's URL: with its credentials for the driver alone, and without them to be shown. */
interface ServerUrl {
  readonly location: string;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

/** `redis://host`, `rediss://host`; with several hosts, separated by commas, a cluster. */
export interface RedisUrl extends ServerUrl {
  readonly scheme: "redis";
  /** One URL for each host. */
  readonly nodes: readonly [string, ...string[]];
}

/** `postgres://host/database`. */
export interface PostgresUrl extends ServerUrl {
  readonly scheme: "postgres";
  readonly url: string;
}

const SCHEMES = "memory://, sqlite://path, redis://, rediss://, postgres://";

/**
 * Takes a URL apart. Throws `invalid`, naming `at` (the option or the variable it came from) and never repeating the URL, which may
 * hold a password.
 *
 * @param workingDirectory - what the path of a file is relative to
 */
export function parseStorageUrl(text: string, at: string, workingDirectory: string): StorageUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case "memory":
      return { scheme };
    case "sqlite":
      return parseSqlite(text.slice("sqlite://".length), at, workingDirectory);
    case "redis":
    case "rediss":
      return parseRedis(text, at);
    case "postgres":
    case "postgresql":
      return { scheme: "postgres", url: text, ...parseServer(text, "postgres", at) };
    case undefined:
      throw invalidOption(at, `expected a URL with one of the schemes ${SCHEMES}`);
    default:
      throw invalidOption(at, `unknown scheme ${scheme}://; known are ${SCHEMES}`);
  }
}

function parseSqlite(rest: string, at: string, workingDirectory: string): SqliteUrl {
  const [path = "", query = ""] = rest.split(/\?(.*)/s);
  const options = new URLSearchParams(query);
  const mode = options.get("mode");
  options.delete("mode");
  const [unknown] = options.keys();
  if (unknown !== undefined) throw invalidOption(at, `unknown option ?${unknown}=; sqlite:// takes ?mode=ro`);
  if (mode !== null && mode !== "ro") throw invalidOption(at, "?mode= may only be ro");
  if (path === "") throw invalidOption(at, "expected the path of a file after sqlite://");
  if (path === ":memory:") return { scheme: "sqlite", file: null, readOnly: false, location: "sqlite :memory:" };
  const file = resolve(workingDirectory, decode(path));
  return { scheme: "sqlite", file, readOnly: mode === "ro", location: file };
}

/** `URL` knows one host only, so the list is taken apart before. */
function parseRedis(text: string, at: string): RedisUrl {
  const [, before = "", hosts = "", after = ""] = /^([^/]*\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(text) ?? [];
  const [first = text, ...more] = hosts.split(",").map((host) => `${before}${host}${after}`);
  const servers = [first, ...more].map((url) => parseServer(url, "redis", at));
  const [{ location, secrets } = parseServer(first, "redis", at)] = servers;
  const others = servers.slice(1).map((server) => new URL(server.location).host);
  const shown = others.length === 0 ? location : location.replace(/^([^/]*\/\/[^/]*)/, `$1,${others.join(",")}`);
  return { scheme: "redis", nodes: [first, ...more], location: shown, secrets };
}

function parseServer(url: string, scheme: "redis" | "postgres", at: string): ServerUrl {
  const parsed = URL.parse(url);
  if (parsed === null) throw invalidOption(at, `not a valid ${scheme}:// URL`);
  const secrets = [parsed.password, decode(parsed.password), ...parsed.searchParams.getAll("password")];
  return {
    location: `${parsed.protocol}//${parsed.host}${parsed.pathname}`,
    secrets: secrets.filter((secret) => secret !== ""),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
