import type { ResponseHeaders } from "@babylon/provider-kit";
import type { RawText } from "../connections/dispatcher.ts";

/**
 * The headers of a reply as they came over the wire: names and values by turns. They become text when the first one is asked for;
 * several of a name are joined with a comma.
 */
export function rawHeaders(raw: readonly RawText[]): ResponseHeaders {
  let unread: readonly RawText[] = raw;
  const values = new Map<string, string>();

  function read(): Map<string, string> {
    for (let index = 0; index + 1 < unread.length; index += 2) {
      const name = unread[index]?.toString("latin1").toLowerCase() ?? "";
      const value = unread[index + 1]?.toString("latin1") ?? "";
      const earlier = values.get(name);
      values.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    unread = [];
    return values;
  }

  return {
    get: (name) => read().get(name) ?? values.get(name.toLowerCase()) ?? null,
    entries: () => read().entries(),
  };
}
