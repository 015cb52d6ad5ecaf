import { hash } from "node:crypto";

/** Hashes the ids of units, so that rows and records do not contain them. Equal in all processes with the same secret. */
export type UnitHasher = (value: string) => string;

/** 96 bits: two of a billion units are equal with a probability of 1 in 10^11. */
const HEX_DIGITS = 24;

/**
 * Creates a hasher: SHA-256 of a key of fixed length and the id, shortened to less than half, so that nobody can continue it with a longer id.
 * HMAC would take several times as long, which each call of an experiment with the unit `call` needs. It remembers the last unit, because a call
 * asks once for each experiment.
 */
export function createUnitHasher(secret: string): UnitHasher {
  // All secrets have the same length, so that none is the beginning of another one with an id.
  const key = hash("sha256", secret, "hex");
  let lastValue: string | null = null;
  let lastHash = "";
  return (value) => {
    if (value === lastValue) return lastHash;
    lastHash = hash("sha256", `${key}${value}`, "hex").slice(0, HEX_DIGITS);
    lastValue = value;
    return lastHash;
  };
}
