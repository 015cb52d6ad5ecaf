import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { waitUntil } from "../../../settings-store/src/test-support/wait-until.ts";
import type { WhileAway } from "../contract/budget-window.ts";
import { toAsk, toAttempt, tokens } from "../test-support/asks.ts";
import { isBack, LIMIT, maxDelayMs, openProcess, type Process, sumsOf, USED } from "../test-support/open-process.ts";

describe.skipIf(isServerMissing("redis"))("budgets on a Redis that goes away", () => {
  async function openTwo(onOutage: WhileAway): Promise<{ server: RunningServer; one: Process; other: Process }> {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const one = await openProcess(server.url, onOutage);
    const other = await openProcess(server.url, onOutage);
    // The number of processes is read with the sign of life, every five seconds.
    await waitUntil("they have seen each other", () => one.processes() === 2 && other.processes() === 2, 15_000);
    return { server, one, other };
  }

  const ways = [
    ["stopped", (server: RunningServer) => server.freeze(), (server: RunningServer) => server.resume()],
    ["killed, and started empty", (server: RunningServer) => server.kill(), (server: RunningServer) => server.start()],
  ] as const;

  it.each(ways)("%s: what was left is shared, the replay is exact, and one attempt waits", async (_, leave, back) => {
    const { server, one, other } = await openTwo("share");
    const before = (await one.spend(100)) + (await other.spend(100));
    await one.budget.idle();
    await other.budget.idle();
    const left = LIMIT - before;
    await leave(server);
    // Each has half of what it has seen to be left.
    const during = (await Promise.all([one.spend(), other.spend()])).reduce((a, b) => a + b, 0);
    expect(during).toBeGreaterThan(0);
    // What is spent above the limit is at most what was left at the outage.
    expect(before + during - LIMIT).toBeLessThanOrEqual(left);
    expect(Math.max(one.longestMs(), other.longestMs())).toBeLessThan(maxDelayMs());
    await back(server);
    await waitUntil("the outage is over", () => isBack(one) && isBack(other), 10_000);
    expect(await sumsOf(one)).toEqual([{ spent: before + during, presumed: 0, held: 0 }]);
  });

  it.each(ways)("%s: what is denied costs nothing", async (_, leave, back) => {
    const { server, one } = await openTwo("deny");
    const before = await one.spend(100);
    await one.budget.idle();
    await leave(server);
    expect(await one.spend()).toBe(0);
    expect(one.longestMs()).toBeLessThan(maxDelayMs());
    await back(server);
    await waitUntil("the outage is over", () => isBack(one), 10_000);
    expect(await sumsOf(one)).toEqual([{ spent: before, presumed: 0, held: 0 }]);
    expect(await one.spend()).toBeGreaterThan(0);
  });

  it("attempts under way when it is emptied are counted once", async () => {
    const { server, one, other } = await openTwo("share");
    const before = await one.spend(10);
    const underWay = await other.budget.gate.admit(toAsk());
    await one.budget.idle();
    await server.kill();
    await one.spend(1);
    await server.start();
    await waitUntil("the outage is over", () => isBack(one) && isBack(other), 10_000);
    if ("settle" in underWay) underWay.settle(toAttempt({ usage: tokens(60, USED - 60) }));
    await other.budget.idle();
    expect(await sumsOf(one)).toEqual([{ spent: before + 2 * USED, presumed: 0, held: 0 }]);
  });
});
