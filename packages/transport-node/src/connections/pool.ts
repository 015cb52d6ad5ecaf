import type { NodeSocket } from "../built-in.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** A pool of connections. */
export interface Pool {
  /** Occupies a place for one request to an origin, until its `release`. */
  placeAt(origin: string): Place;
  /** The pending requests and connects of an origin; `null`: unknown, because the dispatcher connects by itself. */
  waitingAt(origin: string): PendingConnects | null;
}

/** The dispatcher for a request. */
export interface Place {
  readonly dispatcher: Dispatcher;
  /** The request to the origin has ended. To be called once. */
  release(origin: string): void;
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

/**
 * Maximum requests in flight per origin and dispatcher. For each request undici scans all connections of the origin (undici 7.29,
 * 2026-11): with thousands of them in one dispatcher, the scan takes longer than the rest of the request.
 */
const MOST_PER_AGENT = 256;

/** One of several dispatchers of a pool. A request goes to the first one that is not full, so that its connections are reused. */
interface Shard extends Place {
  readonly dispatcher: Agent;
  /** Requests in flight, by origin. */
  readonly active: Map<string, number>;
}

function createShard(dispatcher: Agent): Shard {
  const active = new Map<string, number>();
  return {
    dispatcher,
    active,
    release(origin) {
      const left = (active.get(origin) ?? 1) - 1;
      if (left === 0) active.delete(origin);
      else active.set(origin, left);
    },
  };
}

/** Creates a pool without any connection yet. */
export function createPool(Agent: AgentClass, open: OpenSocket, mostPerAgent: number = MOST_PER_AGENT): OwnPool {
  const origins = new Map<string, PendingConnects>();
  const shards: Shard[] = [];

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
    const created = createShard(new Agent({ connect }));
    shards.push(created);
    return created;
  }

  return {
    placeAt(origin) {
      const shard = shardFor(origin);
      shard.active.set(origin, (shard.active.get(origin) ?? 0) + 1);
      return shard;
    },
    waitingAt,
    close: async () => void (await Promise.all(shards.map(({ dispatcher }) => dispatcher.close()))),
  };
}

/** A request got its connection, or was aborted. After the last abort the connects in progress are canceled, which undici does not do. */
export function removeWaiting(waiting: PendingConnects, isConnected: boolean): void {
  waiting.requests -= 1;
  if (!isConnected && waiting.requests === 0) for (const giveUp of waiting.attempts) giveUp(NOT_NEEDED);
}
