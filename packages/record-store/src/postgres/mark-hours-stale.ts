import type { QueryPostgres } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { QUARTERS_OF, sumsKey } from "../sums/sums-key.ts";
import { pgColumn } from "./postgres-tables.ts";

/** Removes what is computed of the calls of hours, because these change: their sums, those of their blocks, and their packed calls. */
export async function markHoursStale(query: QueryPostgres, hours: ReadonlySet<number>): Promise<void> {
  if (hours.size === 0) return;
  const marked = await query(
    "INSERT INTO babylon_records_stale_hours SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING RETURNING hour",
    [[...hours]],
  );
  if (marked.length === 0) return;
  const firsts = marked.map((row) => Number(pgColumn(row, "hour")) * QUARTERS_OF.hour);
  const keys = firsts.flatMap((first) =>
    SUM_DIMENSIONS.flatMap((dimension) =>
      (["hour", "block"] as const).map((level) => sumsKey(dimension, level, Math.floor(first / QUARTERS_OF[level]))),
    ),
  );
  await query("DELETE FROM babylon_records_sums WHERE key = ANY($1::bigint[])", [keys]);
  const quarters = firsts.flatMap((first) => Array.from({ length: QUARTERS_OF.hour }, (_, at) => first + at));
  await query("DELETE FROM babylon_records_packed_calls WHERE quarter = ANY($1::bigint[])", [quarters]);
}
