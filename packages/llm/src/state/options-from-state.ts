import {
  type Breaker,
  createBreaker,
  type Env,
  type LLMClientOptions,
  type Logger,
  readEnv,
  type SharedSlots,
} from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";

/** The options of a client that a shared state changes. */
export interface OptionsFromState {
  readonly env: Env | undefined;
  readonly breaker: LLMClientOptions["breaker"];
  readonly slots: SharedSlots | undefined;
  /** Stops listening to the state. */
  close(): void;
}

/** What the caller has given. */
export interface GivenClientOptions extends Pick<LLMClientOptions, "breaker" | "slots" | "clock" | "random"> {
  /** As in `createBabylonLLM`. */
  readonly sharedConcurrency: boolean;
  readonly logger: Logger | undefined;
}

const SECRET = "BABYLON_HASH_SECRET";

/**
 * The options of a client that shares what vendors say (waits, exhausted quotas, refused keys, unknown models) with other processes, and if
 * asked its concurrency limits. Keys are recognized by their keyed hash: without `BABYLON_HASH_SECRET` its secret is that of the state.
 */
export async function optionsFromState(
  state: SharedState,
  env: Env,
  given: GivenClientOptions,
): Promise<OptionsFromState> {
  const { clock, random = Math.random, slots, sharedConcurrency, logger } = given;
  // Loaded already, with the state.
  const { sharedFacts } = await import("@babylon/shared-state");
  const breaker = sharedFacts(breakerOf(given, random), state.facts, { clock, random });
  return {
    env: readEnv(env, SECRET) === undefined ? await withSecretOf(state, env, logger) : env,
    breaker,
    slots: slots ?? (sharedConcurrency ? state.slots : undefined),
    close: () => breaker.close(),
  };
}

const isBreaker = (breaker: LLMClientOptions["breaker"]): breaker is Breaker =>
  breaker !== undefined && "begin" in breaker;

const breakerOf = ({ breaker, clock }: GivenClientOptions, random: () => number): Breaker =>
  isBreaker(breaker) ? breaker : createBreaker(breaker, clock, random);

/** The environment, read as it changes, with the secret of the state. While the state is away, each process has a secret of its own. */
async function withSecretOf(state: SharedState, env: Env, logger: Logger | undefined): Promise<Env> {
  let secret: string;
  try {
    secret = await state.hashSecret();
  } catch (thrown) {
    logger?.warn(
      `the shared state is away, so keys are not recognized between processes until a restart; set ${SECRET} to be independent of it`,
      { problem: String(thrown) },
    );
    return env;
  }
  // Inherits every variable, so that one changed later is seen.
  const withSecret: Env = Object.create(env, { [SECRET]: { value: secret, enumerable: true } });
  return withSecret;
}
