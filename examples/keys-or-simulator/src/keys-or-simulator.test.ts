import { createBabylonLLM } from "@babylon/llm";
import { expect, test } from "vitest";
import { keysOrSimulator } from "./keys-or-simulator.ts";

test("with a key, returns the environment unchanged", async () => {
  const env = { GROQ_API_KEY: "some-key-0000" };
  const backend = await keysOrSimulator(env);
  expect(backend.env).toBe(env);
  expect(backend.firstLine).toBe("Calls go to Groq.");
});

test("without a key, starts a simulator with the requested faults", async () => {
  const { env, firstLine, close } = await keysOrSimulator({}, [
    { provider: "wandb", fault: { kind: "status", status: 401 } },
  ]);
  expect(firstLine).toMatch(/simulator/);
  const llm = await createBabylonLLM({ env, settings: {} });
  expect((await llm.generateText({ prompt: "x" })).provider).toBe("groq");
  await llm.close();
  await close();
});
