import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tuneOnSimulator } from "./tune-on-simulator.ts";

test("plays the whole way, in under a minute", async () => {
  const folder = await mkdtemp(join(tmpdir(), "babylon-tune-test-"));
  const lines: string[] = [];
  await tuneOnSimulator(folder, (line) => lines.push(line));
  await rm(folder, { recursive: true });
  const text = lines.join("\n");
  expect(text).toMatch(/1\. Recorded: 428 calls of two ticks/);
  expect(text).toMatch(/2\. Dataset: the orders of 64 agents: \d+ examples to train on, \d+ held out\./);
  expect(text).toMatch(/Trained: wandb-artifact:\/\/\/town\/npc\/wager-\w+:step\d+/);
  expect(text).toMatch(/4\. Evaluation .*: better\.\n {3}Answers that are an order: 1 of the model, 0 of the chain/);
  expect(text).toMatch(/5\. Canary: half of the agents had the model for a tick: passed\./);
  expect(text).toMatch(/6\. Promoted .*: wandb-artifact:\/\/\/town\/npc\/wager-\w+:step\d+ answers/);
  expect(text).toMatch(/7\. Rolled back: meta-llama\/Llama-3\.3-70B-Instruct answers/);
}, 60_000);
