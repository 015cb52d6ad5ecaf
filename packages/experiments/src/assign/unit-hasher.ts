import { createHmac } from "node:crypto";

/** Hashes the ids of units, so that rows and records do not contain them. Equal in all processes with the same secret. */
export type UnitHasher = (value: string) => string;

/** 96 bits: two of a billion units are equal with a probability of 1 in 10^11. */
const HEX_DIGITS = 24;

/** Creates a hasher: HMAC-SHA-256 with the secret, shortened. It remembers the last unit, because a call asks once for each experiment. */
export function createUnitHasher(secret: string): UnitHasher {
  let lastValue: string | null = null;
  let lastHash = "";
  return (value) => {
    if (value === lastValue) return lastHash;
    lastHash = createHmac("sha256", secret).update(value).digest("hex").slice(0, HEX_DIGITS);
    lastValue = value;
    return lastHash;
  };
}
