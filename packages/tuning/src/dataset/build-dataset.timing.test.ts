import { tmpdir } from "node:os";
import type { CallRecord } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { slowness } from "@babylon/llm-testing/vitest";
import { expect, test } from "vitest";
import { chatRecord, contentOf } from "../test-support/chat-record.ts";
import { buildDataset } from "./build-dataset.ts";

const WORDS =
  "the mayor of the harbour says that fish is cheap in 1793, and the lighthouse needs oil: before winter token".split(
    " ",
  );

function* records(megabytes: number): Generator<CallRecord> {
  const random = createSeededRandom(1);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const paragraphs = Array.from({ length: 400 }, () => Array.from({ length: 60 }, () => pick(WORDS)).join(" "));
  for (let [bytes, id] = [0, 0]; bytes < megabytes * 1e6; id += 1) {
    const prompt = `${id} ${pick(paragraphs)} ${pick(paragraphs)} ${pick(paragraphs)} ${pick(paragraphs)}`;
    const answer = pick(paragraphs) ?? "";
    bytes += prompt.length + answer.length;
    yield chatRecord(`c${id}`, contentOf(prompt, answer), { agent: `npc-${id % 500}` });
  }
}

test("20 MB a second of CPU time, and memory that does not grow with the content", async () => {
  const options = { allowSources: ["wandb"], workFolder: tmpdir() };
  await (await buildDataset(records(5), options)).close();
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  await using dataset = await buildDataset(records(60), options);
  const { user, system } = process.cpuUsage(cpuBefore);
  const bytes = dataset.report.train.bytes + dataset.report.test.bytes;
  expect((bytes / (user + system)) * slowness()).toBeGreaterThan(20);
  const after = process.memoryUsage();
  expect((after.rss - before.rss) / 1e6).toBeLessThan(120);
});
