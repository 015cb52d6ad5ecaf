import type { NodeSocket } from "../built-in.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** Connections by which requests go out. */
export interface Pool {
  readonly dispatch: Dispatcher["dispatch"];
  /** Who waits for a connection to an origin; `null` where that is not known. */
  waitingAt(origin: string): Waiting | null;
}

/** A pool that was made here. */
export interface OwnPool extends Pool {
  /** Takes no more requests, and resolves when those under way are done. */
  close(): Promise<void>;
}

/** What waits at an origin: requests that have no connection yet, and connections that are being made. */
export interface Waiting {
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

/**
 * Requests to an origin that one dispatcher has under way. For each request undici looks through all connections of the origin (undici
 * 7.29, 2026-11): with thousands of them in one dispatcher, that takes longer than all the rest of a request.
 */
const MOST_PER_AGENT = 256;

/** One of several dispatchers of a pool: the first that is not full gets a request, so that its connections are used again. */
interface Shard {
  readonly agent: Agent;
  /** Requests under way, by origin. */
  readonly active: Map<string, number>;
}

/** Creates a pool without any connection yet. */
export function createPool(Agent: AgentClass, open: OpenSocket, mostPerAgent: number = MOST_PER_AGENT): OwnPool {
  const origins = new Map<string, Waiting>();
  const shards: Shard[] = [];

  function waitingAt(origin: string): Waiting {
    const known = origins.get(origin);
    if (known !== undefined) return known;
    if (origins.size >= REMEMBERED) {
      for (const [idle, { requests, attempts }] of origins) if (requests + attempts.size === 0) origins.delete(idle);
    }
    const created: Waiting = { requests: 0, attempts: new Set() };
    origins.set(origin, created);
    return created;
  }

  const connect: Connect = (options, callback) => {
    const { attempts } = waitingAt(`${options.protocol}//${options.host}`);
    const giveUp = open(options, (error, socket) => {
      attempts.delete(giveUp);
      callback(error, socket);
    });
    attempts.add(giveUp);
  };

  function shardFor(origin: string): Shard {
    const free = shards.find(({ active }) => (active.get(origin) ?? 0) < mostPerAgent);
    if (free !== undefined) return free;
    const created: Shard = { agent: new Agent({ connect }), active: new Map() };
    shards.push(created);
    return created;
  }

  function leave({ active }: Shard, origin: string): void {
    const left = (active.get(origin) ?? 1) - 1;
    if (left === 0) active.delete(origin);
    else active.set(origin, left);
  }

  return {
    dispatch(options, handler) {
      const { origin } = options;
      const shard = shardFor(origin);
      shard.active.set(origin, (shard.active.get(origin) ?? 0) + 1);
      return shard.agent.dispatch(options, {
        ...handler,
        onComplete() {
          leave(shard, origin);
          handler.onComplete();
        },
        onError(error) {
          leave(shard, origin);
          handler.onError(error);
        },
      });
    },
    waitingAt,
    close: async () => void (await Promise.all(shards.map(({ agent }) => agent.close()))),
  };
}

/** A request has its connection, or wants none any more. The dispatcher would go on connecting for nobody: it is stopped here. */
export function leaveWaiting(waiting: Waiting, isConnected: boolean): void {
  waiting.requests -= 1;
  if (!isConnected && waiting.requests === 0) for (const giveUp of waiting.attempts) giveUp(NOBODY);
}
