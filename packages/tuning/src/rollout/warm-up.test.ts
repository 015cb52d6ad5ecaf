import { createLLMClient, LLMError } from "@babylon/llm-core";
import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { warmUp } from "./warm-up.ts";

const link = { provider: "wandb", model: "wandb-artifact:///team/games/npc-1:step40" };

/** A model that answers after a while, and another provider. */
function start(delayMs: number) {
  const clock = createFakeClock();
  const wandb = mockProvider({ id: "wandb", steps: [{ text: "ready", delayMs }] });
  const groq = mockProvider({ id: "groq", steps: [{ text: "base" }] });
  return { clock, wandb, llm: createLLMClient({ providers: [wandb, groq], clock, retry: { maxRetries: 0 } }) };
}

test("an adapter that loads for 20 s is warm afterwards, and the chain serves calls meanwhile", async () => {
  const { clock, llm, wandb } = start(20_000);
  const warming = warmUp(llm, link);
  const answer = llm.generateText({ prompt: "hello", models: { wandb: link.model } });
  await clock.advance(12_000);
  expect((await answer).provider).toBe("groq");
  await clock.advance(10_000);
  await warming;
  expect(wandb.calls[0]?.request.model).toBe(link.model);
});

test("an adapter that does not load within 60 s is not servable", async () => {
  const { clock, llm } = start(90_000);
  const warming = expect(warmUp(llm, link)).rejects.toMatchObject({ code: "not_servable" });
  await clock.advance(61_000);
  await warming;
});

test("one that is not found is named, without fallback", async () => {
  const error = () => new LLMError({ code: "model_not_found", message: "The requested resource was not found" });
  const wandb = mockProvider({ id: "wandb", steps: [{ error }] });
  const llm = createLLMClient({ providers: [wandb, mockProvider({ id: "groq" })] });
  await expect(warmUp(llm, link)).rejects.toThrow(
    `wandb does not serve ${link.model}: The requested resource was not found`,
  );
  expect(wandb.calls).toHaveLength(1);
});
