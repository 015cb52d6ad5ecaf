import { randomUUID } from "node:crypto";
import { silentLogger, systemClock } from "@babylon/llm-core";
import { createSharedState } from "../create-shared-state.ts";
import { createMemoryEngine } from "../memory/create-memory-engine.ts";
import type { TestEngine } from "./test-place.ts";
import { wrongClock } from "./wrong-clock.ts";

/** States in memory that share one engine. */
export const memoryTestEngine: TestEngine = {
  name: "the memory",
  async create() {
    const engine = createMemoryEngine(systemClock, randomUUID());
    const states = new Set<{ close(): Promise<void> }>();
    return {
      async open(clockErrorMs = 0) {
        const state = await createSharedState({
          engine,
          clock: wrongClock(clockErrorMs),
          createId: randomUUID,
          logger: silentLogger,
          prefix: "babylon",
          silenceMs: null,
        });
        states.add(state);
        return state;
      },
      empty: null,
      async close() {
        for (const state of states) await state.close();
      },
    };
  },
};
