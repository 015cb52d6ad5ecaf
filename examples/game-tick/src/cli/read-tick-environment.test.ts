import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTickEnvironment } from "./read-tick-environment.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tick-env-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("without a file and variables there are no keys", async () => {
  expect(await readTickEnvironment({}, directory)).toEqual({ env: {}, withKey: [], fromFile: false });
});

test("keys are in the order of the chain; a blank value is not a key", async () => {
  const env = { OPENAI_API_KEY: "b", WANDB_API_KEY: "a", GROQ_API_KEY: "  " };
  expect((await readTickEnvironment(env, directory)).withKey).toEqual(["wandb", "openai"]);
});

test("the process environment overrides the file, and neither is written", async () => {
  await writeFile(
    join(directory, ".env"),
    "# keys\nGROQ_API_KEY='from file'\nexport ANTHROPIC_API_KEY=x\nGROQ_MODEL=m\n",
  );
  const before = { GROQ_API_KEY: "from process" };
  const read = await readTickEnvironment(before, directory);
  expect(read).toEqual({
    env: { GROQ_API_KEY: "from process", ANTHROPIC_API_KEY: "x", GROQ_MODEL: "m" },
    withKey: ["groq", "claude"],
    fromFile: true,
  });
  expect(before).toEqual({ GROQ_API_KEY: "from process" });
  expect(process.env.GROQ_MODEL).toBeUndefined();
});

test("an unreadable .env is an error with its path", async () => {
  await mkdir(join(directory, ".env"));
  await expect(readTickEnvironment({}, directory)).rejects.toThrow(/\.env cannot be read/);
});
