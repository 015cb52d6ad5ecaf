import type { JsonValue } from "@babylon/llm-core";
import type { Scrubber } from "./scrubber.ts";

/** Thrown and caught within the package: the example must not be used. */
export class SecretFoundError extends Error {
  override readonly name = "SecretFoundError";
}

/** Scrubs the texts of one dataset, and counts what was masked. */
export interface TextScrubber {
  /** Throws {@link SecretFoundError} for a text that must not be used. */
  text(text: string): string;
  /**
   * All texts of a JSON value, names of members and long numbers included. Throws {@link SecretFoundError} as well if only the whole is a secret,
   * such as a member `password` with its value.
   */
  json(value: JsonValue): JsonValue;
  /** A name that cannot be masked: throws {@link SecretFoundError} for one with a secret or with personal data. */
  name(name: string): string;
  /** How often each kind was masked since the last call. */
  takeMasked(): Readonly<Record<string, number>>;
}

/** Shorter numbers identify nobody. */
const MIN_DIGITS = 9;

/** Creates a scrubber of several, applied one after the other. */
export function createTextScrubber(scrubbers: readonly Scrubber[]): TextScrubber {
  let masked: Record<string, number> = {};

  function text(given: string): string {
    let clean = given;
    for (const scrubber of scrubbers) {
      const found = scrubber.scrub(clean);
      if (found === null) continue;
      if (found === "drop") throw new SecretFoundError();
      clean = found.text;
      for (const [kind, count] of Object.entries(found.masked)) masked[kind] = (masked[kind] ?? 0) + count;
    }
    return clean;
  }

  function within(value: JsonValue): JsonValue {
    if (typeof value === "string") return text(value);
    if (typeof value === "number") {
      const digits = String(value);
      if (digits.length < MIN_DIGITS) return value;
      const clean = text(digits);
      return clean === digits ? value : clean;
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(within);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [text(name), within(member)]));
  }

  function json(value: JsonValue): JsonValue {
    const clean = within(value);
    if (typeof clean === "object" && clean !== null) {
      const whole = JSON.stringify(clean);
      if (scrubbers.some((scrubber) => scrubber.scrub(whole) === "drop")) throw new SecretFoundError();
    }
    return clean;
  }

  return {
    text,
    json,
    name(given) {
      if (scrubbers.some((scrubber) => scrubber.scrub(given) !== null)) throw new SecretFoundError();
      return given;
    },
    takeMasked() {
      const taken = masked;
      masked = {};
      return taken;
    },
  };
}
