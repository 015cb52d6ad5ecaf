import { resolve } from "node:path";
import { invalidOption } from "./settings-error.ts";

/** A URL of settings, taken apart. */
export type SettingsUrl =
  | { readonly scheme: "memory" }
  | { readonly scheme: "sqlite"; readonly file: string | null; readonly readOnly: boolean; readonly location: string }
  | {
      readonly scheme: "redis" | "postgres";
      /** With its credentials: for the adapter alone, never shown. */
      readonly url: string;
      /** Without credentials and options, to be shown. */
      readonly location: string;
      /** What must not be shown. */
      readonly secrets: readonly string[];
    };

const SCHEMES = "memory://, sqlite://path, redis://, rediss://, postgres://";

/**
 * Takes a URL apart. Throws `invalid`, naming `at` (the option or the variable it came from) and never repeating the URL, which may
 * hold a password.
 */
export function parseSettingsUrl(text: string, at: string, workingDirectory: string): SettingsUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case "memory":
      return { scheme };
    case "sqlite":
      return parseSqlite(text.slice("sqlite://".length), at, workingDirectory);
    case "redis":
    case "rediss":
      return parseServer(text, "redis", at);
    case "postgres":
    case "postgresql":
      return parseServer(text, "postgres", at);
    case undefined:
      throw invalidOption(at, `expected a URL with one of the schemes ${SCHEMES}`);
    default:
      throw invalidOption(at, `unknown scheme ${scheme}://; known are ${SCHEMES}`);
  }
}

function parseSqlite(rest: string, at: string, workingDirectory: string): SettingsUrl {
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

function parseServer(url: string, scheme: "redis" | "postgres", at: string): SettingsUrl {
  const parsed = URL.parse(url);
  if (parsed === null) throw invalidOption(at, `not a valid ${scheme}:// URL`);
  const secrets = [parsed.password, decode(parsed.password), ...parsed.searchParams.getAll("password")];
  return {
    scheme,
    url,
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
