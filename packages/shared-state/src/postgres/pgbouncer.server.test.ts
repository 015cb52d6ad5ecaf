import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { type RunningPgbouncer, startPgbouncer } from "../../../settings-store/src/test-support/start-pgbouncer.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { openSharedState } from "../open-shared-state.ts";
import { waitUntil } from "../test-support/wait-until.ts";

describe.skipIf(isServerMissing("postgres") || isServerMissing("pgbouncer"))("Postgres behind PgBouncer", () => {
  let server: RunningServer | undefined;
  let pool: RunningPgbouncer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
    pool = await startPgbouncer(server.url, "transaction");
  });
  afterAll(async () => {
    await pool?.stop();
    await server?.stop();
  });

  it("has exact sums, and facts within a few seconds", async () => {
    const url = pool?.url ?? "";
    const one = await openSharedState({ url, timeoutMs: 5_000 });
    const two = await openSharedState({ url, timeoutMs: 5_000 });
    try {
      const scopes = [{ key: "day", limit: 700, endsInMs: 60_000 }];
      const asks = Array.from({ length: 1_000 }, (_, index) => ({
        id: `r${index}`,
        scopes,
        amount: 7,
        leaseMs: 60_000,
      }));
      const answers = await Promise.all(asks.map((ask, index) => (index % 2 === 0 ? one : two).ledger.reserve(ask)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(100);
      const heard: string[] = [];
      two.facts.listen(({ key }) => heard.push(key));
      // Once the listener has read what was in effect, so that it hears of this one later.
      await two.facts.current();
      one.facts.say({ key: "a", code: "quota", forMs: 60_000 });
      await waitUntil("it is heard", () => heard.includes("a"), 8_000);
    } finally {
      await one.close();
      await two.close();
    }
  });
});
