import { builtIn, type NodeSocket } from "../built-in.ts";
import type { ConnectOptions } from "../connections/pool.ts";

/** The only protocol that the dispatcher speaks over what it is given. */
export const ALPN_PROTOCOLS: readonly string[] = ["http/1.1"];

/** How many servers' sessions are kept: far more than a chain has. */
const REMEMBERED = 100;

/** The name for SNI; empty for an address. */
export function servernameOf({ hostname, servername }: ConnectOptions): string {
  return servername ?? (hostname.includes(":") || /^[\d.]+$/.test(hostname) ? "" : hostname);
}

/** Begins to speak TLS with a server, over a socket or by an address of its own. */
export type ConnectSecurely = (
  options: ConnectOptions,
  over: { readonly socket: NodeSocket } | { readonly port: string | number },
) => NodeSocket;

/** Creates a function that connects by TLS, and takes the session of an earlier connection to the same server up again. */
export function createSecureConnector(): ConnectSecurely {
  const sessions = new Map<string, Uint8Array>();
  return (options, over) => {
    const { hostname: host, port } = options;
    const servername = servernameOf(options);
    const key = `${host}:${port}:${servername}`;
    const session = sessions.get(key);
    const secured = builtIn("node:tls").connect({ ...over, host, servername, session, ALPNProtocols: ALPN_PROTOCOLS });
    secured.on("session", (renewed) => {
      if (sessions.size >= REMEMBERED) sessions.clear();
      sessions.set(key, renewed);
    });
    return secured;
  };
}
