import { redact } from "@babylon/llm-core";

/**
 * A base URL as records show it: origin and path. Its query, a user name and whatever looks like a key are left out. `null` where it is
 * not an absolute URL.
 *
 * @param secrets - keys in use
 */
export function endpointName(baseURL: string, secrets: readonly string[]): string | null {
  if (!URL.canParse(baseURL)) return null;
  const { origin, pathname } = new URL(baseURL);
  return origin === "null" ? null : `${origin}${redact(pathname.replace(/\/+$/, ""), secrets)}`;
}

/** The last names, since base URLs seldom change and a name takes longer than all the rest of a request's preparation. */
const KEPT = 64;

/** Makes {@link endpointName} cheap for base URLs and keys that come again. */
export function createEndpointNamer(): typeof endpointName {
  const names = new Map<string, string | null>();
  return (baseURL, secrets) => {
    const key = `${baseURL}\n${secrets.join("\n")}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = endpointName(baseURL, secrets);
    const [oldest] = names.keys();
    if (names.size >= KEPT && oldest !== undefined) names.delete(oldest);
    names.set(key, name);
    return name;
  };
}
