import { type Clock, silentLogger } from "@babylon/llm-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { SharedState } from "../contract/shared-state.ts";
import { createSharedState } from "../create-shared-state.ts";
import { createMemoryEngine } from "./create-memory-engine.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe("a ledger in memory", () => {
  let nowMs = 0;
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, setTimeout: () => null, clearTimeout() {} };
  let state: SharedState;

  beforeEach(async () => {
    nowMs = 1_000 * HOUR_MS;
    state = await createSharedState({
      engine: createMemoryEngine(clock, "e"),
      clock,
      createId: () => "p",
      logger: silentLogger,
      prefix: "babylon",
      silenceMs: null,
    });
  });

  const reserve = (id: string, leaseMs: number, endsInMs = 24 * HOUR_MS) =>
    state.ledger.reserve({ id, amount: 30, leaseMs, scopes: [{ key: "day", limit: 100, endsInMs }] });
  const sums = async () => (await state.ledger.status(["day"]))[0];

  it.for([0, 1, 23])("is exact when a settlement is %d hours late", async (hours) => {
    await reserve("a", MINUTE_MS);
    nowMs += MINUTE_MS + hours * HOUR_MS;
    expect(await sums()).toEqual({ spent: 0, presumed: 30, held: 0 });
    await state.ledger.settle("a", { spent: 12, presumed: 0 });
    await state.ledger.settle("a", { spent: 12, presumed: 0 });
    nowMs += HOUR_MS;
    await state.ledger.settle("a", { spent: 12, presumed: 0 });
    expect(await sums()).toEqual({ spent: 12, presumed: 0, held: 0 });
  });

  it("keeps what is presumed when no settlement ever comes", async () => {
    await reserve("a", MINUTE_MS);
    nowMs += MINUTE_MS;
    await sums();
    nowMs += 25 * HOUR_MS;
    await state.ledger.settle("a", { spent: 12, presumed: 0 });
    expect(await sums()).toEqual({ spent: 0, presumed: 30, held: 0 });
  });

  it("deletes windows two days after their end", async () => {
    await reserve("a", MINUTE_MS, HOUR_MS);
    await state.ledger.settle("a", { spent: 12, presumed: 0 });
    nowMs += 48 * HOUR_MS;
    expect(await sums()).toMatchObject({ spent: 12 });
    nowMs += 2 * HOUR_MS;
    expect(await sums()).toMatchObject({ spent: 0 });
  });

  it("does not go back when the wall clock does", async () => {
    await reserve("a", MINUTE_MS);
    nowMs += MINUTE_MS;
    expect(await sums()).toMatchObject({ presumed: 30 });
    nowMs -= 10 * MINUTE_MS;
    expect(await reserve("b", MINUTE_MS)).toMatchObject({ ok: true, serverEpochMs: 1_000 * HOUR_MS + MINUTE_MS });
  });
});
