import { Client } from "pg";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { startTcpProxy } from "../../../settings-store/src/test-support/start-tcp-proxy.ts";
import type { ServerPair } from "./server-pair.ts";
import { waitUntil } from "./wait-until.ts";

/** The only value of the first row. */
async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** Starts a primary and a standby that follows it without delaying its commits. */
export async function startPostgresPair(): Promise<ServerPair> {
  const primary = await startPostgres();
  const standby = await startPostgres({ standbyOf: primary.url });
  const address = await startTcpProxy(primary.url);
  return {
    url: address.url,
    async cutReplication() {
      const written = await query(primary.url, "SELECT pg_current_wal_insert_lsn()");
      const hasAll = `SELECT pg_last_wal_replay_lsn() >= '${written}'`;
      await waitUntil("the standby has everything", async () => (await query(standby.url, hasAll)) === true);
      await query(standby.url, "ALTER SYSTEM SET primary_conninfo = ''");
      await query(standby.url, "SELECT pg_reload_conf()");
      const isCut = "SELECT count(*) = 0 FROM pg_stat_wal_receiver";
      await waitUntil("it gets nothing more", async () => (await query(standby.url, isCut)) === true);
    },
    async failOver() {
      await primary.kill();
      await query(standby.url, "SELECT pg_promote()");
      address.pointTo(standby.url);
    },
    async stop() {
      await address.close();
      await standby.stop();
      await primary.stop();
    },
  };
}
