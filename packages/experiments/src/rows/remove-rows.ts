import { setImmediate as nextTurn } from "node:timers/promises";
import { type ColumnValue, UNIT_PREFIX } from "./columns.ts";
import type { EraseTarget, ExperimentVersion, PruneQuery } from "./experiment-rows.ts";
import type { RowsDatabase } from "./rows-database.ts";
import { EXPOSURES, OBSERVATIONS } from "./tables.ts";

/** Rows that are removed in one statement: a few milliseconds, in which another process cannot write. */
const ROWS_PER_STEP = 500;

const placeholders = (count: number): string => Array.from({ length: count }, () => "?").join(", ");

/** The parts of a list that one statement takes. */
function stepsOf(values: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(values.length / ROWS_PER_STEP);
  return Array.from({ length: count }, (_, step) => values.slice(step * ROWS_PER_STEP, (step + 1) * ROWS_PER_STEP));
}

/** The statements that remove rows of a database. */
function statementsOf({ read, write }: RowsDatabase) {
  const texts = async (sql: string, parameters: readonly ColumnValue[]): Promise<string[]> =>
    (await read({ sql, parameters })).map(([value]) => String(value));
  return {
    texts,
    read: async (sql: string, parameters: readonly ColumnValue[]) => read({ sql, parameters }),
    remove: async (table: string, condition: string, parameters: readonly ColumnValue[]): Promise<void> => {
      await write({ sql: `DELETE FROM ${table} WHERE ${condition}`, parameters });
    },
  };
}

type Statements = ReturnType<typeof statementsOf>;

/** The versions of experiments with rows, each found by one step in the order of the table. */
async function versionsIn({ read }: Statements): Promise<readonly ExperimentVersion[]> {
  const found: ExperimentVersion[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last === undefined ? "" : "WHERE (experiment, version) > (?, ?)";
    const [row] = await read(
      `SELECT experiment AS c0, version AS c1 FROM ${EXPOSURES} ${after} ORDER BY experiment, version LIMIT 1`,
      last === undefined ? [] : [last.experiment, last.version],
    );
    if (row === undefined) return found;
    found.push({ experiment: String(row[0]), version: Number(row[1]) });
  }
}

/** See `ExperimentRows.erase`. */
export async function eraseRows(database: RowsDatabase, target: EraseTarget): Promise<number> {
  const statements = statementsOf(database);
  const { texts, remove } = statements;
  const callIds = new Set(await callsOf(statements, target));
  // Copies have the unit and the tenant of their calls.
  if ("callId" in target) {
    const copies = `SELECT call_id AS c0 FROM ${EXPOSURES} WHERE shadow_of = ? AND (excluded IS NOT NULL OR shadow_of IS NOT NULL)`;
    for (const copy of await texts(copies, [target.callId])) callIds.add(copy);
  }
  for (const step of stepsOf([...callIds])) {
    // What was observed first: if the process ends here, the exposures are still found when the same is erased again.
    await remove(OBSERVATIONS, `"of" IN (${placeholders(step.length)})`, step);
    await remove(EXPOSURES, `call_id IN (${placeholders(step.length)})`, step);
    await nextTurn();
  }
  if ("unit" in target) await remove(OBSERVATIONS, '"of" = ?', [`${UNIT_PREFIX}${target.unit}`]);
  await database.forget();
  return callIds.size;
}

async function callsOf(statements: Statements, target: EraseTarget): Promise<readonly string[]> {
  const { texts } = statements;
  if ("callId" in target) return [target.callId];
  if ("tenant" in target) return texts(`SELECT call_id AS c0 FROM ${EXPOSURES} WHERE tenant = ?`, [target.tenant]);
  const found: string[] = [];
  const ofUnit = `SELECT call_id AS c0 FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND unit = ?`;
  for (const { experiment, version } of await versionsIn(statements)) {
    found.push(...(await texts(ofUnit, [experiment, version, target.unit])));
  }
  return found;
}

/** See `ExperimentRows.prune`. */
export async function pruneVersions(database: RowsDatabase, { before, hasEnded }: PruneQuery): Promise<number> {
  const statements = statementsOf(database);
  let removed = 0;
  for (const version of await versionsIn(statements)) {
    if (!hasEnded(version)) continue;
    const of = [version.experiment, version.version];
    const newer = `SELECT 1 AS c0 FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND "at" >= ? LIMIT 1`;
    if ((await statements.read(newer, [...of, before])).length === 0)
      removed += await removeVersion(statements, version);
  }
  return removed;
}

/** Removes the exposures of a version from the front, in the order of the table, so that no step reads what another one has removed. */
async function removeVersion(statements: Statements, { experiment, version }: ExperimentVersion): Promise<number> {
  const { read, remove } = statements;
  const of = [experiment, version];
  const first = `SELECT unit AS c0, call_id AS c1 FROM ${EXPOSURES} WHERE experiment = ? AND version = ? ORDER BY unit, call_id LIMIT ${ROWS_PER_STEP}`;
  let removed = 0;
  for (;;) {
    const rows = (await read(first, of)).map((row) => ({ unit: String(row[0]), callId: String(row[1]) }));
    const last = rows.at(-1);
    if (last === undefined) return removed;
    const callIds = rows.map(({ callId }) => callId);
    // A call may be in other experiments, which need what was observed of it.
    const isInNoOther = `NOT EXISTS (SELECT 1 FROM ${EXPOSURES} e WHERE e.call_id = "of" AND NOT (e.experiment = ? AND e.version = ?))`;
    await remove(OBSERVATIONS, `"of" IN (${placeholders(callIds.length)}) AND ${isInNoOther}`, [...callIds, ...of]);
    await remove(EXPOSURES, "experiment = ? AND version = ? AND (unit, call_id) <= (?, ?)", [
      ...of,
      last.unit,
      last.callId,
    ]);
    await removeUnitValues(statements, [...new Set(rows.map(({ unit }) => unit))]);
    removed += rows.length;
    await nextTurn();
  }
}

/** Removes what was observed of units without any exposure. */
async function removeUnitValues(statements: Statements, units: readonly string[]): Promise<void> {
  const { texts, remove } = statements;
  const keys = units.map((unit) => `${UNIT_PREFIX}${unit}`);
  const observed = `SELECT DISTINCT "of" AS c0 FROM ${OBSERVATIONS} WHERE "of" IN (${placeholders(keys.length)})`;
  const left = new Set(await texts(observed, keys));
  if (left.size === 0) return;
  for (const { experiment, version } of await versionsIn(statements)) {
    const candidates = [...left].map((key) => key.slice(UNIT_PREFIX.length));
    const still = `SELECT DISTINCT unit AS c0 FROM ${EXPOSURES} WHERE experiment = ? AND version = ? AND unit IN (${placeholders(candidates.length)})`;
    for (const unit of await texts(still, [experiment, version, ...candidates])) left.delete(`${UNIT_PREFIX}${unit}`);
    if (left.size === 0) return;
  }
  await remove(OBSERVATIONS, `"of" IN (${placeholders(left.size)})`, [...left]);
}
