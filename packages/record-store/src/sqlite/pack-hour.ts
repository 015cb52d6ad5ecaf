import type { SqliteDatabase } from "@babylon/storage";
import { type CallToPack, packCalls } from "../record/pack-calls.ts";
import { unpackFigures } from "../record/pack-figures.ts";
import { QUARTERS_OF } from "../sums/sums-key.ts";
import { QUARTER_MS } from "../usage/quarter.ts";

const READ = `SELECT outcome, provider, model, agent, tenant, purpose, figures FROM records_calls INDEXED BY records_calls_by_time
  WHERE started_at >= ? AND started_at < ?`;

/** Packs the calls of each quarter of an hour, for queries by several dimensions. */
export function packHour(database: SqliteDatabase, hour: number): void {
  const first = hour * QUARTERS_OF.hour;
  for (let quarter = first; quarter < first + QUARTERS_OF.hour; quarter += 1) {
    const rows = database.prepare(READ).arrays(quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS);
    const calls = rows.flatMap(([outcome, provider, model, agent, tenant, purpose, figures]): CallToPack[] => {
      if (!(figures instanceof Uint8Array)) return [];
      const names = {
        outcome: String(outcome),
        provider: String(provider),
        model: String(model),
        agent: String(agent),
        tenant: String(tenant),
        purpose: String(purpose),
      };
      return [{ names, figures: unpackFigures(figures, names) }];
    });
    if (calls.length === 0) continue;
    database.prepare("INSERT OR REPLACE INTO records_packed_calls VALUES (?, ?)").run(quarter, packCalls(calls));
  }
}
