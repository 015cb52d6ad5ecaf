import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { openSharedState } from "../open-shared-state.ts";
import { postgresPrefix } from "./prepare-postgres.ts";

describe.skipIf(isServerMissing("postgres"))("commits of a Postgres", () => {
  it("wait for the disk when they are about amounts, and not when they are about slots", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const state = await openSharedState({ url: server.url, timeoutMs: 5_000 });
    await state.close();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const p = postgresPrefix("babylon");
    const settings: unknown[] = [];
    const calls = [
      `${p}_acquire('key', 1, 1000, 'process', 'lease')`,
      `${p}_renew('key', 'lease', 1000)`,
      `${p}_release('key', 'lease')`,
      `${p}_beat('process', 1000, NULL, 'epoch')`,
      `${p}_ledger('[{ "op": "sums", "keys": [] }]', 'epoch')`,
    ];
    for (const call of calls) {
      await client.query("BEGIN");
      await client.query(`SELECT ${call}`);
      const { rows } = await client.query("SHOW synchronous_commit");
      settings.push(rows[0]?.synchronous_commit);
      await client.query("COMMIT");
    }
    await client.end();
    expect(settings).toEqual(["off", "off", "off", "off", "on"]);
  });
});
