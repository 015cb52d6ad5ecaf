import { registerHooks } from "node:module";
import { babylonOpenAI } from "./babylon.ts";
import type { Contestant, Target } from "./contestant.ts";

/** This client with an untested version of the `openai` SDK: requests use the documented interface of the SDK. */
export async function babylonDocumented(target: Target): Promise<Contestant> {
  registerHooks({
    load: (url, context, next) =>
      /[\\/]openai[\\/]version\.m?js$/.test(url)
        ? { format: "module", source: 'export const VERSION = "0.0.0";', shortCircuit: true }
        : next(url, context),
  });
  return babylonOpenAI(target);
}
