import { Client } from "pg";

const TABLES = ["kept", "windows", "reservations", "leases", "turns", "facts", "processes", "write_offs"];

/** Deletes all rows of the shared state in a Postgres. */
export async function emptyPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("SELECT to_regclass('babylon_state1_kept') AS found");
  if (rows[0]?.found) for (const table of TABLES) await client.query(`DELETE FROM babylon_state1_${table}`);
  await client.end();
}
