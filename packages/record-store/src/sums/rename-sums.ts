import { type NamedSums, packSums, sumsOf, unpackSumsInto } from "./pack-sums.ts";
import { mergeSums } from "./sums.ts";

/** The name of tenants that were erased. */
export const ERASED = "(erased)";

/** Packed sums with the sums of a name under {@link ERASED}; `null`: they do not have the name. */
export function renameSums(bytes: Uint8Array, name: string): Uint8Array | null {
  const named: NamedSums = new Map();
  unpackSumsInto(bytes, named);
  const found = named.get(name);
  if (found === undefined || name === ERASED) return null;
  named.delete(name);
  mergeSums(sumsOf(named, ERASED), found);
  return packSums(named);
}
