import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { slowness } from "@babylon/llm-testing/vitest";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../test-support/build-sized-dataset.ts");

test("1 GB of examples: at most 200 MB of memory with Node's own flags, and 20 MB a second of CPU time", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, "1000"], { env: {} });
  const { bytes, peakBytes, bytesPerCpuMicro } = JSON.parse(stdout);
  expect(bytes).toBeGreaterThan(1e9);
  expect(peakBytes).toBeLessThanOrEqual(200e6);
  expect(bytesPerCpuMicro * slowness()).toBeGreaterThanOrEqual(20);
}, 300_000);
