import { builtIn, type NodeSocket } from "../built-in.ts";
import type { ConnectOptions } from "../connections/pool.ts";

/** The only protocol that the dispatcher supports on a socket from `connect`. */
export const ALPN_PROTOCOLS: readonly string[] = ["http/1.1"];

/** How many TLS sessions are cached: more than a chain has servers. */
const MAX_SESSIONS = 100;

/** The name for SNI; empty for an address. */
export function servernameOf({ hostname, servername }: ConnectOptions): string {
  return servername ?? (hostname.includes(":") || /^[\d.]+$/.test(hostname) ? "" : hostname);
}

/** Starts TLS with a server, over an open socket or a new one. */
export type ConnectSecurely = (
  options: ConnectOptions,
  over: { readonly socket: NodeSocket } | { readonly port: string | number },
) => NodeSocket;

/** Creates a function that connects with TLS and resumes the session of an earlier connection to the same server. */
export function createSecureConnector(): ConnectSecurely {
  const sessions = new Map<string, Uint8Array>();
  return (options, over) => {
    const { hostname: host, port } = options;
    const servername = servernameOf(options);
    const key = `${host}:${port}:${servername}`;
    const session = sessions.get(key);
    const secured = builtIn("node:tls").connect({ ...over, host, servername, session, ALPNProtocols: ALPN_PROTOCOLS });
    secured.on("session", (renewed) => {
      if (sessions.size >= MAX_SESSIONS) sessions.clear();
      sessions.set(key, renewed);
    });
    return secured;
  };
}
