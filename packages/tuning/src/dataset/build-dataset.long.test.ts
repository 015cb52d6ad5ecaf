import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { slowness } from "@babylon/llm-testing/vitest";
import { expect, onTestFinished, test } from "vitest";

/** Runs a script of the package in a process with Node's own flags. */
async function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const path = join(import.meta.dirname, "../test-support", script);
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], { env });
  return stdout;
}

/** Builds a dataset in a process of its own, and checks what that took. */
async function expectFrugal(source: string, env?: Readonly<Record<string, string>>): Promise<void> {
  const { bytes, peakBytes, bytesPerCpuMicro } = JSON.parse(await run("build-sized-dataset.ts", [source], env));
  expect(bytes).toBeGreaterThan(1e9);
  expect(peakBytes).toBeLessThanOrEqual(200e6);
  expect(bytesPerCpuMicro * slowness()).toBeGreaterThanOrEqual(20);
}

test("1 GB of examples: at most 200 MB of memory with Node's own flags, and 20 MB a second of CPU time", async () => {
  await expectFrugal("1000");
}, 300_000);

test("the same from a record store in SQLite, whose thread counts, too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "babylon-sized-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storeOf = async (megabytes: number): Promise<string> => {
    const url = `sqlite://${join(folder, `records-${megabytes}.db`)}`;
    await run("write-sized-store.ts", [url, String(megabytes)]);
    return url;
  };
  // Types are stripped by a run before, because both threads would load Node's program for it: published packages have none.
  const env = { NODE_COMPILE_CACHE: join(folder, "compiled") };
  await run("build-sized-dataset.ts", [await storeOf(1)], env);
  await expectFrugal(await storeOf(1_000), env);
}, 300_000);
