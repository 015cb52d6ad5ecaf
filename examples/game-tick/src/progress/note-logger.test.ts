import { expect, test } from "vitest";
import { createNoteLogger } from "./note-logger.ts";

test("each message is shown once and always counted; debug messages are dropped", () => {
  const notes: string[] = [];
  const logger = createNoteLogger((line) => notes.push(line));
  logger.debug("plan made");
  logger.info("Using Weights & Biases inference API (primary)", { provider: "wandb" });
  for (let time = 0; time < 3; time += 1) logger.warn("Weights & Biases failed (overloaded): falling back to Groq");
  logger.error("a recorder failed");
  expect(notes).toEqual([
    "Using Weights & Biases inference API (primary)",
    "Weights & Biases failed (overloaded): falling back to Groq",
    "a recorder failed",
  ]);
  expect(logger.repeated()).toEqual(["Weights & Biases failed (overloaded): falling back to Groq (3 times)"]);
});
