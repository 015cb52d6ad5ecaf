import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeRows } from "../test-support/describe-rows.ts";
import { openExperimentRows } from "./open-experiment-rows.ts";

describeRows("rows in memory", () => openExperimentRows({ url: "memory://" }));

async function place(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "babylon-experiments-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return `sqlite://${directory}/rows.db`;
}

test("the processes that open one file share its secret", async () => {
  const url = await place();
  const first = await openExperimentRows({ url });
  const second = await openExperimentRows({ url });
  const reader = await openExperimentRows({ url: `${url}?mode=ro` });
  expect(second.hashSecret).toBe(first.hashSecret);
  expect(reader.hashSecret).toBe(first.hashSecret);
  for (const rows of [first, second, reader]) await rows.close();
});

test.each(["redis://host", "mysql://host", "sqlite://"])("%s is refused by the name of its option", async (url) => {
  await expect(openExperimentRows({ url, at: "experiments" })).rejects.toThrow(/^experiments: /);
});
