import type { Clock, Logger } from "@babylon/llm-core";
import { createEngineAccess } from "./access/create-engine-access.ts";
import type { SharedState } from "./contract/shared-state.ts";
import type { StateEngine } from "./contract/state-engine.ts";
import { createFacts } from "./facts/create-facts.ts";
import { createLedger } from "./ledger/create-ledger.ts";
import { createSlots } from "./slots/create-slots.ts";

/** Input of {@link createSharedState}. */
export interface SharedStateInit {
  readonly engine: StateEngine;
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Creates a random id. */
  readonly createId: () => string;
  /** How long the engine may be silent; `null`: it always answers at once. */
  readonly silenceMs: number | null;
}

/** Creates the state of an engine, and connects. While the engine is away it is created all the same. */
export async function createSharedState(init: SharedStateInit): Promise<SharedState> {
  const { engine, prefix, clock, logger, createId, silenceMs } = init;
  const processId = createId();
  const access = createEngineAccess({ engine, clock, logger, processId, silenceMs });
  const facts = createFacts(access, clock);
  const ledger = createLedger(access);
  try {
    await access.start();
  } catch (thrown) {
    await facts.close();
    await access.close();
    throw thrown;
  }
  return {
    ledger,
    slots: createSlots({ access, processId }),
    facts,
    status: () => ({ ...access.status(), prefix }),
    hashSecret: () => access.call((open, signal) => open.keep("hash-secret", `${createId()}${createId()}`, signal)),
    async close() {
      await facts.close();
      await access.close();
    },
  };
}
