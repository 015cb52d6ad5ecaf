import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@babylon/llm-core";
import { expect, it, onTestFinished, vi } from "vitest";
import { startAdopting } from "./adopt-journals.ts";
import type { Journal } from "./journal.ts";
import { createJournalFile, type JournalEntry, NO_FILE } from "./journal-file.ts";

const logger = { debug() {}, info() {}, warn: vi.fn(), error: vi.fn() };
const context = { clock: systemClock, random: Math.random, logger };
const ENTRIES: readonly JournalEntry[] = Array.from({ length: 40 }, (_, index) => ({
  id: `entry-${index}`,
  kind: index % 2 === 0 ? "settled" : "held",
  scopes: [{ key: `window-${index}`, spent: index, presumed: 0 }],
}));

async function startInTurns<T>(count: number, start: () => T): Promise<readonly T[]> {
  const started: T[] = [];
  while (started.length < count) {
    started.push(start());
    await new Promise((resolve) => setImmediate(resolve));
  }
  return started;
}

it("leaves nothing behind when several processes take over one journal at the same moment", async () => {
  const parent = mkdtempSync(join(tmpdir(), "babylon-adopt-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  for (let round = 0; round < 25; round += 1) {
    const place = { folder: join(parent, `${round}.journal`), tag: "state" };
    const left = createJournalFile(place, context);
    await left.write(ENTRIES, []);
    await left.close();
    // One a turn after the other, so that some find the file that others are about to remove.
    const takers = await startInTurns(12, () => {
      const adopted: JournalEntry[][] = [];
      const journal: Pick<Journal, "adopt"> = { adopt: async (entries) => void adopted.push([...entries]) };
      const wake = vi.fn();
      const isConnected = vi.fn(() => true);
      const adopting = startAdopting({
        place,
        file: NO_FILE,
        journal,
        // Asked at the start of a look, and at its end.
        isConnected,
        wake,
        ...context,
      });
      return { adopting, adopted, wake, isConnected };
    });
    await vi.waitFor(() => {
      for (const { isConnected } of takers) expect(isConnected).toHaveBeenCalledTimes(2);
    });
    await Promise.all(takers.map(({ adopting }) => adopting.close()));
    const taken = takers.flatMap(({ adopted }) => adopted).filter((entries) => entries.length > 0);
    expect(taken.length).toBeGreaterThan(0);
    // Whoever takes it over has all of it, as the ledger books the first of equal ids.
    for (const entries of taken)
      expect(entries.map(({ id }) => id).toSorted()).toEqual(ENTRIES.map(({ id }) => id).toSorted());
    for (const { adopted, wake } of takers)
      expect(wake.mock.calls.length).toBe(adopted.some((entries) => entries.length > 0) ? 1 : 0);
    expect(existsSync(place.folder) ? readdirSync(place.folder) : []).toEqual([]);
  }
  expect(logger.warn).not.toHaveBeenCalled();
  expect(logger.error).not.toHaveBeenCalled();
});
