import type { Dispatcher } from "./dispatcher.ts";
import { type AgentClass, createPool, type OpenSocket, type OwnPool, type Place, type Pool } from "./pool.ts";

/** The pool of a dispatcher that opens its own connections. */
function poolOf(dispatcher: Dispatcher): Pool {
  const place: Place = { dispatcher, release() {} };
  return {
    placeAt: () => place,
    waitingAt: () => null,
  };
}

/** Creates pools for one route to servers: direct, or through one proxy. */
export interface PoolSource {
  /** The default pool. */
  readonly pool: Pool;
  /** Creates another pool for the same route. */
  fresh(): OwnPool;
}

/** The route of the platform's dispatcher. New pools use new instances of its class. */
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

/** The route of connections that `open` creates. */
export function createSource(Agent: AgentClass, open: OpenSocket): PoolSource {
  const fresh = (): OwnPool => createPool(Agent, open);
  return { pool: fresh(), fresh };
}
