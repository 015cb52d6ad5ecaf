import type { Env } from "@babylon/llm-core";
import { openSharedState } from "@babylon/shared-state";
import { expect, it } from "vitest";
import { optionsFromState } from "./options-from-state.ts";

const given = { breaker: undefined, slots: undefined, clock: undefined, random: undefined, logger: undefined };

it("the environment has the secret of the state, and later changes", async () => {
  const state = await openSharedState({ url: "memory://" });
  const env: Record<string, string | undefined> = { GROQ_API_KEY: "first" };
  const options = await optionsFromState(state, env, { ...given, sharedConcurrency: false });
  env.GROQ_API_KEY = "rotated";
  const seen: Env = options.env ?? {};
  expect([seen.GROQ_API_KEY, seen.BABYLON_HASH_SECRET]).toEqual(["rotated", await state.hashSecret()]);
  expect(env.BABYLON_HASH_SECRET).toBeUndefined();
  options.close();
  await state.close();
});
