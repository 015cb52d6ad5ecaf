import { tmpdir } from "node:os";
import { slowness } from "@babylon/llm-testing/vitest";
import { expect, test } from "vitest";
import { sizedRecords } from "../test-support/sized-records.ts";
import { buildDataset } from "./build-dataset.ts";

test("20 MB a second of CPU time, and memory that does not grow with the content", async () => {
  const options = { allowSources: ["wandb"], workFolder: tmpdir() };
  await (await buildDataset(sizedRecords(5), options)).close();
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  await using dataset = await buildDataset(sizedRecords(60), options);
  const { user, system } = process.cpuUsage(cpuBefore);
  const bytes = dataset.report.train.bytes + dataset.report.test.bytes;
  expect((bytes / (user + system)) * slowness()).toBeGreaterThan(20);
  const after = process.memoryUsage();
  expect((after.rss - before.rss) / 1e6).toBeLessThan(120);
});
