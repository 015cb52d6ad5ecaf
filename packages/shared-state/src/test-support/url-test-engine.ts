import type { SharedState } from "../contract/shared-state.ts";
import { openSharedState } from "../open-shared-state.ts";
import type { TestEngine } from "./test-place.ts";
import { wrongClock } from "./wrong-clock.ts";

/** Input of {@link urlTestEngine}. */
export interface UrlTestEngineOptions {
  readonly name: string;
  /** The URL of the store; known when the tests run, not when they are collected. */
  readonly url: () => string;
  /** Deletes everything in the store. */
  readonly empty: () => Promise<void>;
}

/** Tests share their processors with others. */
const TIMEOUT_MS = 5_000;

/** The store of a URL. It is emptied before each test. */
export function urlTestEngine({ name, url, empty }: UrlTestEngineOptions): TestEngine {
  return {
    name,
    async create() {
      await empty();
      const states = new Set<SharedState>();
      return {
        async open(clockErrorMs = 0) {
          const clock = wrongClock(clockErrorMs);
          const state = await openSharedState({ url: url(), timeoutMs: TIMEOUT_MS, clock });
          states.add(state);
          return state;
        },
        empty,
        async close() {
          for (const state of states) await state.close();
        },
      };
    },
  };
}
