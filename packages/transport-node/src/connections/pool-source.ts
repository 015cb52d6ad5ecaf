import type { Dispatcher } from "./dispatcher.ts";
import { type AgentClass, createPool, type OpenSocket, type OwnPool, type Pool } from "./pool.ts";

/** A pool that makes its connections by itself. */
function poolOf(dispatcher: Dispatcher): Pool {
  return {
    dispatch: (options, handler) => dispatcher.dispatch(options, handler),
    waitingAt: () => null,
  };
}

/** A way to servers: directly, or through one proxy. */
export interface PoolSource {
  /** The connections that there are. */
  readonly pool: Pool;
  /** Another pool of the same way, without any connection yet. */
  fresh(): OwnPool;
}

/** The way of a dispatcher that is not ours. Others of its class go the same. */
export function poolSourceOf(dispatcher: Dispatcher): PoolSource {
  const Agent = dispatcher.constructor as AgentClass;
  return {
    pool: poolOf(dispatcher),
    fresh() {
      const agent = new Agent();
      return { ...poolOf(agent), close: () => agent.close() };
    },
  };
}

/** The way of those who open connections like this. */
export function createSource(Agent: AgentClass, open: OpenSocket): PoolSource {
  const fresh = (): OwnPool => createPool(Agent, open);
  return { pool: fresh(), fresh };
}
