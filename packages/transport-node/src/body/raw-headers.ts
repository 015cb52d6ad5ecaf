import type { ResponseHeaders } from "@babylon/provider-kit";
import type { RawText } from "../connections/dispatcher.ts";

/**
 * The headers of a reply, from the raw list of alternating names and values. They are decoded lazily; repeated headers are joined with a
 * comma.
 */
export function rawHeaders(raw: readonly RawText[]): ResponseHeaders {
  let undecoded: readonly RawText[] = raw;
  const values = new Map<string, string>();

  function decoded(): Map<string, string> {
    for (let index = 0; index + 1 < undecoded.length; index += 2) {
      const name = undecoded[index]?.toString("latin1").toLowerCase() ?? "";
      const value = undecoded[index + 1]?.toString("latin1") ?? "";
      const earlier = values.get(name);
      values.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    undecoded = [];
    return values;
  }

  return {
    get: (name) => decoded().get(name) ?? values.get(name.toLowerCase()) ?? null,
    entries: () => decoded().entries(),
  };
}
