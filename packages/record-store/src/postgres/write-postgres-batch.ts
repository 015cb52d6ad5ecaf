import type { QueryPostgres } from "@babylon/storage";
import type { RecordBatch } from "../contract/record-engine.ts";
import { packFigures } from "../record/pack-figures.ts";
import type { CallNames } from "../record/record-figures.ts";
import { type CallRow, type ContentRow, rowKey, toCallRows, toContentRows } from "../record/to-batch-rows.ts";
import { addCall, SUM_DIMENSIONS } from "../sums/add-call.ts";
import { limitedSumsOf } from "../sums/limit-names.ts";
import { type NamedSums, packSums, unpackSumsInto } from "../sums/pack-sums.ts";
import { QUARTERS_OF, sumsKey } from "../sums/sums-key.ts";
import { nextTurn } from "../usage/next-turn.ts";
import { QUARTER_MS } from "../usage/quarter.ts";
import { markHoursStale } from "./mark-hours-stale.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { addPartitions, partitionDayOf, pgColumn } from "./postgres-tables.ts";
import { toPostgresText } from "./to-postgres-text.ts";

const INSERT_CALLS = `INSERT INTO babylon_records_calls
  (call_id, started_at, outcome, provider, model, agent, tenant, purpose, figures, line)
  SELECT * FROM unnest($1::text[], $2::double precision[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::bytea[], $10::text[])
  ON CONFLICT DO NOTHING RETURNING call_id, started_at`;
const INSERT_CONTENT = `INSERT INTO babylon_records_content (call_id, started_at, content)
  SELECT * FROM unnest($1::text[], $2::double precision[], $3::text[]) ON CONFLICT DO NOTHING`;

/**
 * Stores the calls of a batch that are not stored yet, and adds them to the sums, in one transaction. Returns the hours that it added to.
 */
export async function writePostgresBatch(session: PostgresSession, batch: RecordBatch): Promise<ReadonlySet<number>> {
  const calls = (await toCallRows(batch)).map((row) => ({ ...row, names: toStoredNames(row.names) }));
  const contents = await toContentRows(batch);
  return session.change(async (query) => {
    const added = await insertCalls(query, calls);
    await insertContents(query, contents);
    const quarters = Map.groupBy(added, ({ startedAt }) => Math.floor(startedAt / QUARTER_MS));
    for (const dimension of SUM_DIMENSIONS) await addToSums(query, dimension, quarters);
    const hours = new Set([...quarters.keys()].map((quarter) => Math.floor(quarter / QUARTERS_OF.hour)));
    await markHoursStale(query, hours);
    return hours;
  });
}

function toStoredNames({ provider, model, agent, tenant, purpose, outcome }: CallNames): CallNames {
  return {
    provider: toPostgresText(provider),
    model: toPostgresText(model),
    agent: toPostgresText(agent),
    tenant: toPostgresText(tenant),
    purpose: toPostgresText(purpose),
    outcome,
  };
}

/** Returns the calls that were not stored before. */
async function insertCalls(query: QueryPostgres, rows: readonly CallRow[]): Promise<readonly CallRow[]> {
  if (rows.length === 0) return [];
  await addPartitions(query, "babylon_records_calls", new Set(rows.map(({ startedAt }) => partitionDayOf(startedAt))));
  const inserted = await query(INSERT_CALLS, [
    rows.map(({ callId }) => callId),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ names }) => names.outcome),
    rows.map(({ names }) => names.provider),
    rows.map(({ names }) => names.model),
    rows.map(({ names }) => names.agent),
    rows.map(({ names }) => names.tenant),
    rows.map(({ names }) => names.purpose),
    rows.map(({ figures, names }) => Buffer.from(packFigures(figures, names))),
    rows.map(({ line }) => line),
  ]);
  const keys = new Set(
    inserted.map((row) =>
      rowKey({ callId: String(pgColumn(row, "call_id")), startedAt: Number(pgColumn(row, "started_at")) }),
    ),
  );
  return rows.filter((row) => keys.has(rowKey(row)));
}

async function insertContents(query: QueryPostgres, rows: readonly ContentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await addPartitions(
    query,
    "babylon_records_content",
    new Set(rows.map(({ startedAt }) => partitionDayOf(startedAt))),
  );
  await query(INSERT_CONTENT, [
    rows.map(({ callId }) => callId),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ content }) => content),
  ]);
}

async function addToSums(
  query: QueryPostgres,
  dimension: (typeof SUM_DIMENSIONS)[number],
  quarters: ReadonlyMap<number, readonly CallRow[]>,
): Promise<void> {
  if (quarters.size === 0) return;
  const keys = [...quarters.keys()].map((quarter) => sumsKey(dimension, "quarter", quarter));
  const stored = await readSums(query, keys);
  for (const [quarter, rows] of quarters) {
    const key = sumsKey(dimension, "quarter", quarter);
    const named: NamedSums = stored.get(key) ?? new Map();
    stored.set(key, named);
    for (const { names, figures } of rows) addCall(dimension, names, figures, (name) => limitedSumsOf(named, name));
  }
  await storeSums(query, stored);
  await nextTurn();
}

/** The stored sums of keys. */
export async function readSums(query: QueryPostgres, keys: readonly number[]): Promise<Map<number, NamedSums>> {
  const found = new Map<number, NamedSums>();
  for (const row of await query("SELECT key, sums FROM babylon_records_sums WHERE key = ANY($1::bigint[])", [keys])) {
    const sums = pgColumn(row, "sums");
    const named: NamedSums = new Map();
    if (sums instanceof Uint8Array) unpackSumsInto(sums, named);
    found.set(Number(pgColumn(row, "key")), named);
  }
  return found;
}

/** Replaces the stored sums of keys. */
export async function storeSums(query: QueryPostgres, sums: ReadonlyMap<number, NamedSums>): Promise<void> {
  await query(
    `INSERT INTO babylon_records_sums SELECT * FROM unnest($1::bigint[], $2::bytea[])
     ON CONFLICT (key) DO UPDATE SET sums = excluded.sums`,
    [[...sums.keys()], [...sums.values()].map((named) => Buffer.from(packSums(named)))],
  );
}
