import { redact } from "@babylon/llm-core";

/**
 * The form of a base URL in records: origin and path, without query, user name and anything that looks like a key. `null` if it is not
 * an absolute URL.
 *
 * @param secrets - keys in use
 */
export function endpointName(baseURL: string, secrets: readonly string[]): string | null {
  if (!URL.canParse(baseURL)) return null;
  const { origin, pathname } = new URL(baseURL);
  return origin === "null" ? null : `${origin}${redact(pathname.replace(/\/+$/, ""), secrets)}`;
}

/** Number of cached names. Base URLs rarely change, and computing a name takes longer than the rest of a request's preparation. */
const MAX_NAMES = 64;

/** Creates an {@link endpointName} with a cache. */
export function createEndpointNamer(): typeof endpointName {
  const names = new Map<string, string | null>();
  return (baseURL, secrets) => {
    const key = `${baseURL}\n${secrets.join("\n")}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = endpointName(baseURL, secrets);
    const [oldest] = names.keys();
    if (names.size >= MAX_NAMES && oldest !== undefined) names.delete(oldest);
    names.set(key, name);
    return name;
  };
}
