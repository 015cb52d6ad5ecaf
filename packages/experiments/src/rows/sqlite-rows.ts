import type { Clock } from "@babylon/llm-core";
import { inTransaction, openSqlite, type SqliteDatabase, type SqliteStorage } from "@babylon/storage";
import { EXPOSURE_COLUMNS, exposureValues, OBSERVATION_COLUMNS, observationValues } from "./columns.ts";
import { createRows } from "./create-rows.ts";
import type { ExperimentRows, RowBatch } from "./experiment-rows.ts";
import { createTables, EXPOSURES, MAKE_SECRET, OBSERVATIONS, READ_SECRET } from "./tables.ts";

/** A database file with rows of experiments. */
export interface SqliteRowsOptions {
  /** `null`: in memory. */
  readonly file: string | null;
  readonly readOnly: boolean;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** A new secret, used if the database has none. */
  readonly newSecret: string;
}

/** How long a statement waits for the lock of another process. */
const patience = (): AbortSignal => AbortSignal.timeout(10_000);

const insertInto = (table: string, columns: readonly unknown[]): string =>
  `INSERT INTO ${table} VALUES (${columns.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`;
const ADD_EXPOSURE = insertInto(EXPOSURES, EXPOSURE_COLUMNS);
const ADD_OBSERVATION = insertInto(OBSERVATIONS, OBSERVATION_COLUMNS);

/** Opens rows in an SQLite file. Throws a `StorageError` if it cannot be opened. */
export async function openSqliteRows(options: SqliteRowsOptions): Promise<ExperimentRows> {
  const { file, readOnly, at, clock, random, newSecret } = options;
  const storage = openSqlite({
    file,
    readOnly,
    at,
    clock,
    random,
    prepare,
  });
  const hashSecret = await readSecret(storage, readOnly, newSecret);
  return createRows({
    location: storage.location,
    hashSecret,
    read: ({ sql, parameters }) => storage.use((database) => database.prepare(sql).arrays(...parameters), patience()),
    write: ({ sql, parameters }) =>
      storage.use(
        (database) =>
          database
            .prepare(sql)
            .all(...parameters)
            .map((row) => Object.values(row)),
        patience(),
      ),
    async forget() {
      // The log of the database has older copies of its pages. Without effect while another process reads.
      await storage.use((database) => database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get(), patience());
    },
    add: (batch) => storage.use((database) => addRows(database, batch), patience()),
    close: () => storage.close(),
  });
}

/** Removed rows are overwritten. Files of earlier versions get the column of the tenant. */
function prepare(database: SqliteDatabase): void {
  database.exec("PRAGMA secure_delete = ON");
  inTransaction(database, () => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${EXPOSURES}')`).all();
    if (columns.length > 0 && columns.every(({ name }) => name !== "tenant")) {
      database.exec(`ALTER TABLE ${EXPOSURES} ADD COLUMN tenant TEXT`);
    }
  });
  database.exec(createTables(" WITHOUT ROWID"));
}

async function readSecret(storage: SqliteStorage, readOnly: boolean, newSecret: string): Promise<string> {
  return storage.use((database) => {
    if (!readOnly) database.prepare(MAKE_SECRET).run(newSecret);
    return String(database.prepare(READ_SECRET).get()?.value ?? newSecret);
  }, patience());
}

function addRows(database: SqliteDatabase, { exposures, observations }: RowBatch): void {
  inTransaction(database, () => {
    const addExposure = database.prepare(ADD_EXPOSURE);
    for (const row of exposures) addExposure.run(...exposureValues(row));
    const addObservation = database.prepare(ADD_OBSERVATION);
    for (const row of observations) addObservation.run(...observationValues(row));
  });
}
