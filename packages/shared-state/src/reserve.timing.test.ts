import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slowness } from "@babylon/llm-testing/vitest";
import { afterAll, expect, it } from "vitest";
import { openSharedState } from "./open-shared-state.ts";
import { measureReserves } from "./test-support/measure-reserves.ts";

const folder = mkdtempSync(join(tmpdir(), "babylon-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A call with a JSON answer takes 55 us of CPU time. A reserve in memory may take 2 % of it, and takes 0.8 us.
it.for([
  ["in memory", "memory://", 1.1, 20_000],
  ["in an SQLite file", `sqlite://${join(folder, "state.db")}`, 40, 1_000],
] as const)("a reserve %s takes little time", async ([, url, maxUs, perRound]) => {
  const state = await openSharedState({ url });
  expect((await measureReserves(state.ledger, perRound)) * 1_000).toBeLessThan(maxUs * slowness());
  await state.close();
});
