import { resolve } from "node:path";
import { invalidStorageOption } from "./storage-error.ts";

/** A parsed storage URL. */
export type StorageUrl = { readonly scheme: "memory" } | SqliteUrl | RedisUrl | PostgresUrl;

/** `sqlite://path` or `sqlite://:memory:`. */
export interface SqliteUrl {
  readonly scheme: "sqlite";
  /** Absolute; `null` for a database in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  /** For display. */
  readonly location: string;
}

/** The parts of a server's URL that can be displayed, and those that cannot. */
interface ServerUrl {
  /** The URL without credentials and options, for display. */
  readonly location: string;
  /** Passwords, to be redacted in messages. */
  readonly secrets: readonly string[];
}

/** `redis://host` or `rediss://host`; several hosts, separated by commas, are a cluster. */
export interface RedisUrl extends ServerUrl {
  readonly scheme: "redis";
  /** One URL per host, with credentials. */
  readonly nodes: readonly [string, ...string[]];
}

/** `postgres://host/database`. */
export interface PostgresUrl extends ServerUrl {
  readonly scheme: "postgres";
  /** With credentials, for the driver. */
  readonly url: string;
}

const SCHEMES = "memory://, sqlite://path, redis://, rediss://, postgres://";

/**
 * Parses a storage URL. Throws `invalid`; the message names `at` (the option or variable that the URL came from) and never repeats the
 * URL, which may contain a password.
 *
 * @param workingDirectory - the base of a relative file path
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
      throw invalidStorageOption(at, `expected a URL with one of the schemes ${SCHEMES}`);
    default:
      throw invalidStorageOption(at, `unknown scheme ${scheme}://; supported: ${SCHEMES}`);
  }
}

function parseSqlite(rest: string, at: string, workingDirectory: string): SqliteUrl {
  const [path = "", query = ""] = rest.split(/\?(.*)/s);
  const options = new URLSearchParams(query);
  const mode = options.get("mode");
  options.delete("mode");
  const [unknown] = options.keys();
  if (unknown !== undefined) throw invalidStorageOption(at, `unknown option ?${unknown}=; sqlite:// takes ?mode=ro`);
  if (mode !== null && mode !== "ro") throw invalidStorageOption(at, "?mode= must be ro");
  if (path === "") throw invalidStorageOption(at, "expected the path of a file after sqlite://");
  if (path === ":memory:") return { scheme: "sqlite", file: null, readOnly: false, location: "sqlite :memory:" };
  const file = resolve(workingDirectory, decode(path));
  return { scheme: "sqlite", file, readOnly: mode === "ro", location: file };
}

/** `URL` supports one host only, so the list of hosts is split first. */
function parseRedis(text: string, at: string): RedisUrl {
  const [, prefix = "", hosts = "", suffix = ""] = /^([^/]*\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(text) ?? [];
  const [first = text, ...rest] = hosts.split(",").map((host) => `${prefix}${host}${suffix}`);
  const servers = [first, ...rest].map((url) => parseServer(url, "redis", at));
  const [{ location, secrets } = parseServer(first, "redis", at)] = servers;
  const otherHosts = servers.slice(1).map((server) => new URL(server.location).host);
  const suffixed = location.replace(/^([^/]*\/\/[^/]*)/, `$1,${otherHosts.join(",")}`);
  return { scheme: "redis", nodes: [first, ...rest], location: otherHosts.length === 0 ? location : suffixed, secrets };
}

function parseServer(url: string, scheme: "redis" | "postgres", at: string): ServerUrl {
  const parsed = URL.parse(url);
  if (parsed === null) throw invalidStorageOption(at, `not a valid ${scheme}:// URL`);
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
