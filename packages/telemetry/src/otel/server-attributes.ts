import type { Attributes } from "@opentelemetry/api";

/** The attributes of the server behind an endpoint; none if it is not known. */
export type ServerAttributes = (endpoint: string | null) => Attributes;

const NONE: Attributes = {};
/** Tenants may have endpoints of their own. */
const MOST_CACHED = 100;

function read(endpoint: string): Attributes {
  if (!URL.canParse(endpoint)) return NONE;
  const { hostname, port, protocol } = new URL(endpoint);
  const known = protocol === "http:" ? 80 : 443;
  return { "server.address": hostname, "server.port": port === "" ? known : Number(port) };
}

/** Creates a reader of endpoints, which parses each one once: that takes a microsecond. */
export function createServerAttributes(): ServerAttributes {
  const cache = new Map<string, Attributes>();
  return (endpoint) => {
    if (endpoint === null) return NONE;
    const found = cache.get(endpoint);
    if (found !== undefined) return found;
    if (cache.size >= MOST_CACHED) cache.clear();
    const attributes = read(endpoint);
    cache.set(endpoint, attributes);
    return attributes;
  };
}
