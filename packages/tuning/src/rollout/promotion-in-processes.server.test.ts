import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { slowness } from "@babylon/llm-testing/vitest";
import { createSettingsStore } from "@babylon/settings-store";
import { expect, onTestFinished, test } from "vitest";
import { openTuningJournal } from "../journal/open-tuning-journal.ts";
import { createRollouts } from "./create-rollouts.ts";

const PROGRAM = join(import.meta.dirname, "../test-support/watch-tuned-model.ts");
const PROCESSES = 3;
const PROMOTIONS = 40;
/** The 99th percentile of a change's way to another process with SQLite, milliseconds, as the guide of the settings says. */
const P99_MS = 60;

interface Seen {
  readonly model: string | null;
  readonly at: string;
}

/** Starts a process, and returns what waits for the next change that it sees. */
function startWatcher(url: string): () => Promise<Seen> {
  const child = spawn(process.execPath, [PROGRAM, url], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(async () => {
    const exited = once(child, "exit");
    child.stdin.end();
    await exited;
  });
  return async () => JSON.parse((await lines.next()).value ?? "null");
}

test("promotions and rollbacks are seen by every process, in the time that the settings promise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "babylon-promotions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite://${join(folder, "settings.db")}`;
  const settings = await createSettingsStore({ url, env: {} });
  onTestFinished(() => settings.close());
  const journal = openTuningJournal({ url: `sqlite://${join(folder, "journal.db")}` });
  onTestFinished(() => journal.close());
  const llm = createLLMClient({ providers: [mockProvider({ id: "wandb" })] });
  const rollouts = createRollouts({ journal, settings, llm: () => llm });
  const nextOf = Array.from({ length: PROCESSES }, () => startWatcher(url));
  for (const next of nextOf) expect(await next()).toMatchObject({ model: null });

  const delays: number[] = [];
  async function expectSeen(model: string | null, change: Promise<unknown>): Promise<void> {
    await change;
    const changedAt = process.hrtime.bigint();
    for (const next of nextOf) {
      const seen = await next();
      expect(seen.model).toBe(model);
      delays.push(Math.max(0, Number(BigInt(seen.at) - changedAt) / 1e6));
    }
  }
  const facts = { name: "npc", provider: "wandb", baseModel: "base", datasetSha256: "a".repeat(64) };
  for (let number = 0; number < PROMOTIONS; number += 1) {
    const model = `wandb-artifact:///team/games/npc-${number}:step40`;
    await expectSeen(model, rollouts.promote({ ...facts, model }, { force: "a test" }));
    await expectSeen(null, rollouts.rollBack("npc"));
  }
  const sorted = delays.toSorted((one, other) => one - other);
  expect(sorted).toHaveLength(PROCESSES * PROMOTIONS * 2);
  expect(sorted[Math.floor(sorted.length * 0.99)]).toBeLessThan(P99_MS * slowness());
});
