import type { NodeSocket } from "../built-in.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** A pool of connections. */
export interface Pool {
  readonly dispatch: Dispatcher["dispatch"];
  /** The pending requests and connects of an origin; `null`: unknown, because the dispatcher connects by itself. */
  waitingAt(origin: string): PendingConnects | null;
}

/** A pool that this package created. */
export interface OwnPool extends Pool {
  /** Accepts no more requests, and resolves when those in flight are done. */
  close(): Promise<void>;
}

/** The pending work of an origin: requests without a connection, and connects in progress. */
export interface PendingConnects {
  requests: number;
  /** Each entry cancels one connect. */
  readonly attempts: Set<(reason: unknown) => void>;
}

/** undici's class of a pool for any number of origins. */
export type AgentClass = new (options?: { readonly connect: Connect }) => Agent;

/** An instance of it. */
export interface Agent extends Dispatcher {
  close(): Promise<void>;
}

/** The options of a connect that a dispatcher of undici requests (undici 6 and 7, 2026-11). */
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

/** Opens connections for a dispatcher of undici. */
type Connect = (options: ConnectOptions, callback: Connected) => void;

type Connected = (error: unknown, socket: NodeSocket | null) => void;

/** Opens a connection. Calls back once, and returns a function that cancels the connect with a reason. */
export type OpenSocket = (options: ConnectOptions, callback: Connected) => (reason: unknown) => void;

/** The reason for canceling a connect that no request needs. It is never reported. */
const NOT_NEEDED = new Error("no request needs this connection any more");

/** The number of origins at which those without pending work are dropped: more than a chain has. */
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

/** A request got its connection, or was aborted. After the last abort the connects in progress are canceled, which undici does not do. */
export function leaveWaiting(waiting: PendingConnects, isConnected: boolean): void {
  waiting.requests -= 1;
  if (!isConnected && waiting.requests === 0) for (const giveUp of waiting.attempts) giveUp(NOT_NEEDED);
}
