import { isIbanValid } from "./iban.ts";
import { isLuhnValid } from "./luhn.ts";
import type { Scrubber } from "./scrubber.ts";

/** Personal data that can be recognized by its form. */
export type PiiKind = "email" | "phone" | "iban" | "card";

/** Options of {@link pii}. */
export interface PiiOptions {
  /** Default: all kinds. */
  readonly mask?: readonly PiiKind[] | undefined;
  /** Masks what only the application knows, such as names of its players. Returns the text unchanged if there is nothing. */
  readonly also?: ((text: string) => string) | undefined;
}

/** How one kind is recognized. */
interface PiiPattern {
  /** A character without which there is no match: most texts are not searched any further. */
  readonly needs: RegExp;
  readonly pattern: RegExp;
  isValid(match: string): boolean;
}

const digitsOf = (text: string): number => text.replace(/\D/g, "").length;

const PATTERNS: Readonly<Record<PiiKind, PiiPattern>> = {
  email: {
    needs: /@|%40/,
    pattern: /[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24}/gu,
    isValid: () => true,
  },
  iban: {
    needs: /\d{2}/,
    pattern: /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])/g,
    isValid: isIbanValid,
  },
  card: {
    needs: /\d{2}/,
    pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g,
    isValid: isLuhnValid,
  },
  phone: {
    needs: /\d{2}/,
    // International form, and the usual ones of North America. A bare row of digits may be anything.
    pattern:
      /(?<![\w+])(?<!\d[ .-])(?:(?:\+|00)[1-9](?:[ ()./-]{0,2}\d){6,14}|\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?!\d)/g,
    isValid: (match) => digitsOf(match) >= 8 && digitsOf(match) <= 17,
  },
};

/** Cards before phones: a card number is one, whatever its separators are. */
const ORDER: readonly PiiKind[] = ["email", "iban", "card", "phone"];

/** Masks personal data, such as `[email]`. Card numbers and IBANs have to have the right check digits. */
export function pii({ mask = ORDER, also }: PiiOptions = {}): Scrubber {
  const kinds = ORDER.filter((kind) => mask.includes(kind));
  return {
    scrub(text) {
      let clean = text;
      const masked: Record<string, number> = {};
      for (const kind of kinds) {
        const { needs, pattern, isValid } = PATTERNS[kind];
        if (!needs.test(clean)) continue;
        clean = clean.replace(pattern, (match) => {
          if (!isValid(match)) return match;
          masked[kind] = (masked[kind] ?? 0) + 1;
          return `[${kind}]`;
        });
      }
      const own = also?.(clean) ?? clean;
      if (own !== clean) masked.own = 1;
      return own === text ? null : { text: own, masked };
    },
  };
}
