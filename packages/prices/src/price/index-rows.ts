import { parseDay } from "../table/day-number.ts";
import type { PriceRow } from "../table/price-row.ts";

/** Finds the rows of a model. */
export interface RowIndex {
  /** The rows that are valid on a day, the highest threshold first. */
  find(provider: string, model: string, day: number): readonly PriceRow[];
}

interface DatedRow {
  readonly row: PriceRow;
  readonly fromDay: number;
  readonly untilDay: number;
}

/** Whether a model has a date at its end, as Anthropic's snapshots have: `claude-haiku-4-5-20251001`. */
const DATED = /-\d{8}$/;

/** Indexes rows by provider and model. The exact id is looked up first, then the id without a `-YYYYMMDD` at its end. */
export function indexRows(rows: readonly PriceRow[]): RowIndex {
  const providers = new Map<string, Map<string, DatedRow[]>>();
  for (const row of rows) {
    const models = providers.get(row.provider) ?? new Map<string, DatedRow[]>();
    providers.set(row.provider, models);
    const own = models.get(row.model) ?? [];
    models.set(row.model, own);
    own.push({
      row,
      fromDay: row.from === null ? Number.NEGATIVE_INFINITY : (parseDay(row.from) ?? Number.NaN),
      untilDay: row.until === null ? Number.POSITIVE_INFINITY : (parseDay(row.until) ?? Number.NaN),
    });
  }
  return {
    find(provider, model, day) {
      const models = providers.get(provider);
      const own = models?.get(model) ?? models?.get(model.replace(DATED, ""));
      if (own === undefined) return [];
      return own
        .filter(({ fromDay, untilDay }) => day >= fromDay && day < untilDay)
        .map(({ row }) => row)
        .toSorted((a, b) => b.above - a.above);
    },
  };
}
