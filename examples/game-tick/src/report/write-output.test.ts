import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TickResult } from "../tick/tick-result.ts";
import { writeOutput } from "./write-output.ts";

const result: TickResult = {
  id: "tick-20260409T101500Z-s1",
  seed: 1,
  startedAt: Date.UTC(2026, 3, 9, 10, 15),
  durationMs: 1234.56,
  budgetMs: 180_000,
  wandbModel: null,
  posts: [],
  decisions: [],
  undecided: [],
  decisionSource: null,
  articles: [],
  questions: [],
  agents: [],
  calls: 0,
  lost: [],
};

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tick-out-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("the file is named after the tick, its directory is created, and the returned path is relative", async () => {
  const path = await writeOutput(result, join(directory, "a", "output"), join(directory, "b"));
  expect(path).toBe(join("..", "a", "output", "tick-20260409T101500Z-s1.json"));
  const written: unknown = JSON.parse(await readFile(join(directory, "b", path), "utf8"));
  expect(written).toEqual({ ...result, startedAt: "2026-04-09T10:15:00.000Z", durationMs: 1235 });
});

test("a path that cannot be written is in the error", async () => {
  await writeFile(join(directory, "file"), "");
  await expect(writeOutput(result, join(directory, "file"), directory)).rejects.toThrow(/file.*cannot be written/);
});
