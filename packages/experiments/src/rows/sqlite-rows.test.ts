import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { describeRows } from "../test-support/describe-rows.ts";
import { exposureRow } from "../test-support/rows-to-test.ts";
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

test("a file of an earlier version gets the column of the tenant, also from several processes at once", async () => {
  const url = await place();
  const rows = await openExperimentRows({ url });
  await rows.add({ exposures: [exposureRow({ callId: "before" })], observations: [] });
  await rows.close();
  const database = new DatabaseSync(url.replace("sqlite://", ""));
  database.exec("ALTER TABLE babylon_experiment_exposures DROP COLUMN tenant");
  database.close();
  const opened = await Promise.all(Array.from({ length: 4 }, () => openExperimentRows({ url })));
  await opened[0]?.add({ exposures: [exposureRow({ callId: "after", tenant: "t" })], observations: [] });
  expect(await opened[1]?.erase({ tenant: "t" })).toBe(1);
  for (const each of opened) await each.close();
});

test("what was erased is in no byte of the file", async () => {
  const url = await place();
  const rows = await openExperimentRows({ url });
  const call = (callId: string) => ({
    exposures: [exposureRow({ callId })],
    observations: [{ of: { callId }, metric: "accepted", value: 1, at: 5 }],
  });
  await rows.add(call("forget-this-call"));
  await rows.add(call("keep-this-call"));
  await rows.erase({ callId: "forget-this-call" });
  await rows.close();
  const bytes = await readFile(url.replace("sqlite://", ""));
  expect([bytes.includes("forget-this-call"), bytes.includes("keep-this-call")]).toEqual([false, true]);
});
