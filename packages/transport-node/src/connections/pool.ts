import type { NodeSocket } from "../built-in.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** Connections by which requests go out. */
export interface Pool {
  readonly dispatch: Dispatcher["dispatch"];
  /** Who waits for a connection to an origin; `null` where that is not known. */
  waitingAt(origin: string): PendingConnects | null;
}

/** A pool that was made here. */
export interface OwnPool extends Pool {
  /** Takes no more requests, and resolves when those under way are done. */
  close(): Promise<void>;
}

/** What waits at an origin: requests that have no connection yet, and connections that are being made. */
export interface PendingConnects {
  requests: number;
  /** Each gives one up. */
  readonly attempts: Set<(reason: unknown) => void>;
}

/** The class of undici that keeps connections to any number of origins. */
export type AgentClass = new (options?: { readonly connect: Connect }) => Agent;

/** One of them. */
export interface Agent extends Dispatcher {
  close(): Promise<void>;
}

/** What a dispatcher of undici says of a connection that it wants (undici 6 and 7, 2026-11). */
export interface ConnectOptions {
  /** `http:` or `https:`. */
  readonly protocol: string;
  /** With the port, unless it is the protocol's own. */
  readonly host: string;
  /** IPv6 addresses without brackets. */
  readonly hostname: string;
  /** Empty for the protocol's own. */
  readonly port: string;
  readonly servername?: string | null | undefined;
}

/** Makes connections in place of a dispatcher of undici. */
type Connect = (options: ConnectOptions, callback: Connected) => void;

type Connected = (error: unknown, socket: NodeSocket | null) => void;

/** Opens a connection. Calls back once, and returns what gives it up for a reason until then. */
export type OpenSocket = (options: ConnectOptions, callback: Connected) => (reason: unknown) => void;

/** Ends a connection that no request waits for any more. Goes nowhere. */
const NOBODY = new Error("no request waits for this connection any more");

/** How many origins are remembered before those where nothing waits are dropped: far more than a chain has. */
const REMEMBERED = 100;

/** Creates a pool without any connection yet. */
export function createPool(Agent: AgentClass, open: OpenSocket): OwnPool {
  const origins = new Map<string, PendingConnects>();

  function waitingAt(origin: string): PendingConnects {
    const known = origins.get(origin);
    if (known !== undefined) return known;
    if (origins.size >= REMEMBERED) {
      for (const [idle, { requests, attempts }] of origins) if (requests + attempts.size === 0) origins.delete(idle);
    }
    const created: PendingConnects = { requests: 0, attempts: new Set() };
    origins.set(origin, created);
    return created;
  }

  const agent = new Agent({
    connect(options, callback) {
      const { attempts } = waitingAt(`${options.protocol}//${options.host}`);
      const giveUp = open(options, (error, socket) => {
        attempts.delete(giveUp);
        callback(error, socket);
      });
      attempts.add(giveUp);
    },
  });

  return {
    dispatch: (options, handler) => agent.dispatch(options, handler),
    waitingAt,
    close: () => agent.close(),
  };
}

/** A request has its connection, or wants none any more. The dispatcher would go on connecting for nobody: it is stopped here. */
export function leaveWaiting(waiting: PendingConnects, isConnected: boolean): void {
  waiting.requests -= 1;
  if (!isConnected && waiting.requests === 0) for (const giveUp of waiting.attempts) giveUp(NOBODY);
}
