import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnvironment } from "./read-environment.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "babylon-env-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("the process wins over .env, unless its variable is empty; nothing is written back", async () => {
  await writeFile(join(directory, ".env"), 'A=file\nB="file"\nC=file # not\n');
  const processEnv = Object.freeze({ A: "process", B: "", D: "process" });
  const { env, envFile, sourceOf } = await readEnvironment(processEnv, directory);
  expect(env).toEqual({ A: "process", B: "file", C: "file", D: "process" });
  expect(envFile).toBe(join(directory, ".env"));
  expect(["A", "B", "C", "D", "E"].map(sourceOf)).toEqual(["environment", ".env", ".env", "environment", null]);
});

test("without a file there is the process alone", async () => {
  const { env, envFile } = await readEnvironment({ A: "1" }, directory);
  expect([env, envFile]).toEqual([{ A: "1" }, null]);
});

test("a file that cannot be read is an error that names it", async () => {
  await mkdir(join(directory, ".env"));
  await expect(readEnvironment({}, directory)).rejects.toThrow(`${join(directory, ".env")} cannot be read (EISDIR)`);
});
