import { Client } from "pg";
import { postgresPrefix, TABLES } from "../postgres/prepare-postgres.ts";

/** Deletes all rows of the shared state in a Postgres. */
export async function emptyPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const p = postgresPrefix("babylon");
  const { rows } = await client.query(`SELECT to_regclass('${p}_kept') AS found`);
  if (rows[0]?.found) for (const table of TABLES) await client.query(`DELETE FROM ${p}_${table}`);
  await client.end();
}
