import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { waitUntil } from "../../../settings-store/src/test-support/wait-until.ts";
import { startWorker, type Worker } from "../../../shared-state/src/test-support/start-worker.ts";
import { isBack, LIMIT, maxDelayMs, openProcess, sumsOf } from "../test-support/open-process.ts";

/** A store that goes away and comes back with what it had. */
interface Store {
  readonly url: string;
  leave(): Promise<void>;
  back(): Promise<void>;
}

/** A file that another process keeps locked. */
async function lockedFile(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "babylon-budget-"));
  const url = `sqlite://${join(folder, "state.db")}`;
  let holder: Worker | null = null;
  const back = async (): Promise<void> => {
    holder?.process.kill("SIGKILL");
    await holder?.exited;
  };
  onTestFinished(async () => {
    await back();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url,
    back,
    async leave() {
      holder = startWorker({ kind: "lock", url });
      await holder.line;
    },
  };
}

async function postgres(way: "frozen" | "killed"): Promise<Store> {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  return {
    url: server.url,
    leave: async () => (way === "frozen" ? server.freeze() : server.kill()),
    back: async () => (way === "frozen" ? server.resume() : server.start()),
  };
}

const isPostgresMissing = isServerMissing("postgres");

describe.each([
  ["an SQLite file that another process keeps locked", false, lockedFile],
  ["a Postgres that is frozen", isPostgresMissing, () => postgres("frozen")],
  ["a Postgres that is killed and started again", isPostgresMissing, () => postgres("killed")],
] as const)("budgets on %s", (_, isMissing, open) => {
  it.skipIf(isMissing)("share what was left; the replay is exact, and one attempt waits", async () => {
    const store = await open();
    const one = await openProcess(store.url, "share");
    const other = await openProcess(store.url, "share");
    await waitUntil("they have seen each other", () => one.processes() === 2 && other.processes() === 2, 15_000);
    const before = (await one.spend(100)) + (await other.spend(100));
    await one.budget.idle();
    await other.budget.idle();
    await store.leave();
    const slow = maxDelayMs();
    const during = (await Promise.all([one.spend(), other.spend()])).reduce((a, b) => a + b, 0);
    expect(during).toBeGreaterThan(0);
    expect(before + during - LIMIT).toBeLessThanOrEqual(LIMIT - before);
    expect(Math.max(one.longestMs(), other.longestMs())).toBeLessThan(slow);
    await store.back();
    await waitUntil("the outage is over", () => isBack(one) && isBack(other), 20_000);
    await waitUntil("everything was sent", async () => (await sumsOf(one))[0]?.spent === before + during, 10_000);
    expect(await sumsOf(one)).toEqual([{ spent: before + during, presumed: 0, held: 0 }]);
  });

  it.skipIf(isMissing)("deny what they cannot count, and it costs nothing", async () => {
    const store = await open();
    const one = await openProcess(store.url, "deny");
    const before = await one.spend(100);
    await one.budget.idle();
    await store.leave();
    const slow = maxDelayMs();
    expect(await one.spend()).toBe(0);
    expect(one.longestMs()).toBeLessThan(slow);
    await store.back();
    await waitUntil("the outage is over", () => isBack(one), 20_000);
    expect(await sumsOf(one)).toEqual([{ spent: before, presumed: 0, held: 0 }]);
    expect(await one.spend(10)).toBeGreaterThan(0);
  });
});
