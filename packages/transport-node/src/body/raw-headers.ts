import type { ResponseHeaders } from "@babylon/provider-kit";
import type { RawText } from "../connections/dispatcher.ts";

/**
 * The headers of a reply, from the raw list of alternating names and values. They are decoded lazily; repeated headers are joined with a
 * comma.
 */
export class RawHeaders implements ResponseHeaders {
  #undecoded: readonly RawText[];
  #values: Map<string, string> | null = null;

  constructor(raw: readonly RawText[]) {
    this.#undecoded = raw;
  }

  get(name: string): string | null {
    const values = this.#decoded();
    const value = values.get(name);
    if (value !== undefined) return value;
    // Most headers that are asked for are missing, and most names are in lower case.
    const lowerCase = name.toLowerCase();
    return lowerCase === name ? null : (values.get(lowerCase) ?? null);
  }

  entries(): Iterable<[string, string]> {
    return this.#decoded().entries();
  }

  #decoded(): Map<string, string> {
    if (this.#values !== null) return this.#values;
    const raw = this.#undecoded;
    this.#undecoded = [];
    const values = new Map<string, string>();
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = raw[index]?.toString("latin1").toLowerCase() ?? "";
      const value = raw[index + 1]?.toString("latin1") ?? "";
      const earlier = values.get(name);
      values.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    this.#values = values;
    return values;
  }
}
