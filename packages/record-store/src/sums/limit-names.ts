import { OTHER } from "../usage/usage-table.ts";
import { type NamedSums, sumsOf } from "./pack-sums.ts";
import { mergeSums } from "./sums.ts";

/** Names of one dimension in one quarter; further ones are counted as `(other)`. */
export const MAX_NAMES = 2_000;

/** Adds sums by name. Beyond the limit new names are counted together. */
export function mergeNamedSums(into: NamedSums, from: NamedSums): void {
  for (const [name, sums] of from) {
    const isKept = into.size < MAX_NAMES || into.has(name);
    mergeSums(sumsOf(into, isKept ? name : OTHER), sums);
  }
}
