import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tuneOnSimulator } from "./tune-on-simulator.ts";

test("plays the whole way", async () => {
  const folder = await mkdtemp(join(tmpdir(), "babylon-tune-test-"));
  const lines: string[] = [];
  await tuneOnSimulator(folder, (line) => lines.push(line));
  await rm(folder, { recursive: true });
  const text = lines.join("\n");
  expect(text).toMatch(/masked: \{"email":300\}/);
  expect(text).toMatch(/3\. Training started\.[\s\S]*3\. Training ended\./);
  expect(text).toMatch(/Evaluated: better, exact \+100\.0 points/);
  expect(text).toMatch(/Promoted: wandb-artifact:\/\/\/town\/npc\/npc-\w+:step\d+ answers/);
  expect(text).toMatch(/Rolled back: meta-llama\/Llama-3\.3-70B-Instruct answers/);
});
