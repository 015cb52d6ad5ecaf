import type { SqliteDatabase } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { type NamedSums, packSums, unpackSumsInto } from "../sums/pack-sums.ts";
import { sumsKey } from "../sums/sums-key.ts";

const READ_SUMS = "SELECT sums FROM records_sums WHERE key = ?";
const WRITE_SUMS = "INSERT INTO records_sums VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET sums = excluded.sums";
/** Quarters that are kept: batches are of now, and a little of the quarter before. */
const MAX_QUARTERS = 4;

/** The sums of a quarter: by name, in the order of the dimensions. */
export type QuarterSums = readonly NamedSums[];

/**
 * The latest quarters as they are stored, so that not each batch unpacks them. It holds until another connection commits, or something of a
 * transaction is undone.
 */
export interface SumsCache {
  /** Begins a transaction: forgets what another connection may have changed. */
  begin(): void;
  /** The sums of a quarter, to be added to. Call `store` in the same transaction. */
  quarter(quarter: number): QuarterSums;
  /** Stores all quarters that were asked for since `begin`. Returns them. */
  store(): readonly number[];
  /** Forgets everything. */
  clear(): void;
}

/** Creates the cache of a connection. */
export function createSumsCache(database: SqliteDatabase): SumsCache {
  const quarters = new Map<number, QuarterSums>();
  const used = new Set<number>();
  let version: unknown;

  function read(quarter: number): QuarterSums {
    return SUM_DIMENSIONS.map((dimension) => {
      const stored = database.prepare(READ_SUMS).get(sumsKey(dimension, "quarter", quarter))?.sums;
      const named: NamedSums = new Map();
      if (stored instanceof Uint8Array) unpackSumsInto(stored, named);
      return named;
    });
  }

  return {
    begin() {
      // Changes only when another connection commits (sqlite.org/pragma.html).
      const current = database.prepare("PRAGMA data_version").get()?.data_version;
      if (current !== version) quarters.clear();
      version = current;
      used.clear();
    },
    quarter(quarter) {
      const known = quarters.get(quarter) ?? read(quarter);
      quarters.set(quarter, known);
      used.add(quarter);
      return known;
    },
    store() {
      for (const quarter of used) {
        for (const [index, named] of (quarters.get(quarter) ?? []).entries()) {
          const dimension = SUM_DIMENSIONS[index];
          if (dimension === undefined) continue;
          database.prepare(WRITE_SUMS).run(sumsKey(dimension, "quarter", quarter), packSums(named));
        }
      }
      const stored = [...used];
      for (const quarter of [...quarters.keys()].sort((one, other) => other - one).slice(MAX_QUARTERS)) {
        quarters.delete(quarter);
      }
      return stored;
    },
    clear: () => quarters.clear(),
  };
}
