import type { QueryPostgres } from "@babylon/storage";
import { packCalls } from "../record/pack-calls.ts";
import { unpackFigures } from "../record/pack-figures.ts";
import { QUARTERS_OF } from "../sums/sums-key.ts";
import { nextTurn } from "../usage/next-turn.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { pgColumn } from "./postgres-tables.ts";

const READ = `SELECT outcome, provider, model, agent, tenant, purpose, figures FROM babylon_records_calls
  WHERE started_at >= $1 AND started_at < $2`;
const STORE = `INSERT INTO babylon_records_packed_calls VALUES ($1, $2)
  ON CONFLICT (quarter) DO UPDATE SET calls = excluded.calls`;

/** Packs the calls of each quarter of an hour, for queries by several dimensions. */
export async function packPostgresHour(query: QueryPostgres, hour: number): Promise<void> {
  const first = hour * QUARTERS_OF.hour;
  for (let quarter = first; quarter < first + QUARTERS_OF.hour; quarter += 1) {
    const rows = await query(READ, [quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS]);
    if (rows.length === 0) continue;
    const calls = rows.flatMap((row) => {
      const figures = pgColumn(row, "figures");
      if (!(figures instanceof Uint8Array)) return [];
      const text = (name: string): string => String(pgColumn(row, name));
      const names = {
        outcome: text("outcome"),
        provider: text("provider"),
        model: text("model"),
        agent: text("agent"),
        tenant: text("tenant"),
        purpose: text("purpose"),
      };
      return [{ names, figures: unpackFigures(figures, names) }];
    });
    await query(STORE, [quarter, Buffer.from(packCalls(calls))]);
    await nextTurn();
  }
}
