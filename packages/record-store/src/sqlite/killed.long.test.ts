import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "@babylon/llm-core";
import { expect, it, onTestFinished } from "vitest";
import { openRecordStore } from "../open-record-store.ts";
import { expectUsage } from "../test-support/record-store-contract.ts";

const program = join(import.meta.dirname, "../test-support/write-until-killed.ts");

/** Runs the process until it has recorded so many calls, and kills it, most likely during a flush. */
async function runAndKill(url: string, first: number, calls: number): Promise<void> {
  const child = spawn(process.execPath, [program, url, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.stdout.on("data", (text: Buffer) => {
    const last = Number(String(text).trim().split("\n").at(-1));
    if (last >= first + calls) child.kill("SIGKILL");
  });
  await exited;
}

it("after SIGKILL during a flush each call is stored at most once, and the sums are those of the rows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "babylon-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const url = `sqlite://${folder}/records.db`;
  // Each run repeats calls of the run before.
  for (const [first, calls] of [
    [0, 4_000],
    [2_000, 3_000],
    [0, 7_000],
  ] as const) {
    await runAndKill(url, first, calls);
  }
  const store = await openRecordStore({ url, keepDays: 3_650 });
  onTestFinished(() => store.close());
  await store.flush();
  const records: CallRecord[] = [];
  for (let before: string | undefined; ; ) {
    const page = await store.calls({ limit: 1_000, before });
    for (const { callId } of page.calls) {
      const record = await store.call(callId);
      if (record !== null) records.push(record);
    }
    if (page.next === null) break;
    before = page.next;
  }
  expect(records.length).toBeGreaterThan(1_000);
  expect(new Set(records.map(({ callId }) => callId)).size).toBe(records.length);
  for (const by of [[], ["provider"], ["agent"], ["outcome"]] as const) {
    const query = {
      from: Date.parse("2026-11-01"),
      to: Date.parse("2026-12-01"),
      timeZone: "Asia/Kathmandu",
      bucket: "hour",
      by,
    } as const;
    expectUsage(await store.usage(query), records, query);
  }
}, 60_000);
