import type { QueryPostgres } from "@babylon/storage";
import { ledgerFunctions } from "./ledger-functions.ts";
import { postgresTables } from "./postgres-tables.ts";
import { sharingFunctions } from "./sharing-functions.ts";

/** The version of tables and functions; a change of them needs another. Part of all names, so that versions can run side by side. */
const VERSION = "2";

/** The start of the names of tables and functions. */
export const postgresPrefix = (prefix: string): string => `${prefix.toLowerCase()}_state${VERSION}`;

/** The names of the tables, without the prefix. */
export const TABLES: readonly string[] = [
  "kept",
  "windows",
  "reservations",
  "leases",
  "turns",
  "facts",
  "processes",
  "write_offs",
];

/** Creates tables and functions unless they exist: a user without the right to create any can use those that exist. */
export async function preparePostgres(query: QueryPostgres, p: string): Promise<void> {
  const tables = TABLES.map((name) => `to_regclass('${p}_${name}') IS NOT NULL`).join(" AND ");
  const [row] = await query(`SELECT ${tables} AND to_regproc('${p}_beat') IS NOT NULL AS ready`);
  if (typeof row === "object" && row !== null && "ready" in row && row.ready === true) return;
  // One transaction: processes that start together create them one after the other.
  await query(`
SELECT pg_advisory_xact_lock(hashtextextended('${p}_prepare', 0));
${postgresTables(p)}
${ledgerFunctions(p)}
${sharingFunctions(p)}
`);
}
