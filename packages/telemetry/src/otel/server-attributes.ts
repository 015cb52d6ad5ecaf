import type { Attributes } from "@opentelemetry/api";

/** The attributes of the server behind an endpoint; none if it is not known. */
export type ServerAttributes = (endpoint: string | null) => Attributes;

const NONE: Attributes = {};
/** Tenants may have endpoints of their own. */
const MOST_KEPT = 100;

function read(endpoint: string): Attributes {
  if (!URL.canParse(endpoint)) return NONE;
  const { hostname, port, protocol } = new URL(endpoint);
  const known = protocol === "http:" ? 80 : 443;
  return { "server.address": hostname, "server.port": port === "" ? known : Number(port) };
}

/** Creates a reader of endpoints, which parses each one once: that takes a microsecond. */
export function createServerAttributes(): ServerAttributes {
  const kept = new Map<string, Attributes>();
  return (endpoint) => {
    if (endpoint === null) return NONE;
    const found = kept.get(endpoint);
    if (found !== undefined) return found;
    if (kept.size >= MOST_KEPT) kept.clear();
    const attributes = read(endpoint);
    kept.set(endpoint, attributes);
    return attributes;
  };
}
