import type { Dispatcher } from "./dispatcher.ts";

/** A dispatcher that was made here. */
export interface OwnDispatcher extends Dispatcher {
  /** Takes no more requests, and resolves when those under way are done. */
  close(): Promise<void>;
}

/** A way to servers: directly, or through one proxy. */
export interface ConnectionSource {
  /** With the connections that there are. */
  readonly dispatcher: Dispatcher;
  /** Another one of the same way, without any connection yet. */
  fresh(): OwnDispatcher;
}

/** The class of undici that keeps connections to any number of origins. */
export type AgentClass = new (options?: { readonly connect: Connect }) => OwnDispatcher;

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
export type Connect = (options: ConnectOptions, callback: (error: unknown, socket: object | null) => void) => void;

/** The platform's connections. */
export function directSource(platform: Dispatcher): ConnectionSource {
  // Of the same class as the platform's own, which Node makes without options, too.
  const Own = platform.constructor as AgentClass;
  return { dispatcher: platform, fresh: () => new Own() };
}
