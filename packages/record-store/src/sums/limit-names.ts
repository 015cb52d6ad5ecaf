import { OTHER } from "../usage/usage-table.ts";
import { type NamedSums, sumsOf } from "./pack-sums.ts";
import type { Sums } from "./sums.ts";

/** Names of one dimension in one quarter; further ones are counted as `(other)`. */
export const MAX_NAMES = 2_000;

/** The sums of a name. Beyond the limit new names are counted together. */
export function limitedSumsOf(named: NamedSums, name: string): Sums {
  return named.get(name) ?? sumsOf(named, named.size < MAX_NAMES ? name : OTHER);
}
