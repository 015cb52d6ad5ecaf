import { type BabylonLLM, createBabylonLLM } from "@babylon/llm";

let opening: Promise<BabylonLLM> | null = null;

/** The client of this server process: one for all routes, created at the first use, so that a build requires no keys. */
export function getLLM(): Promise<BabylonLLM> {
  opening ??= createBabylonLLM().catch((error: unknown) => {
    // The next request tries again.
    opening = null;
    throw error;
  });
  return opening;
}
