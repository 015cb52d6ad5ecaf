import { builtIn } from "../built-in.ts";
import type { OpenSocket } from "../connections/pool.ts";
import { createSecureConnector } from "./connect-securely.ts";

/** Node's own limits for connections of `fetch` (undici 7.29, 2026-11). */
export const CONNECT_MS = 10_000;
export const KEEP_ALIVE_MS = 60_000;

/**
 * Never removed: an error event of an idle socket without a listener would terminate the process. One function for all sockets, so that an
 * open connection does not retain the state of its connect.
 */
export function ignoreError(): void {}

/** Creates a function that connects to servers as Node's `fetch` does, and resumes TLS sessions. */
export function createSocketOpener(): OpenSocket {
  const connectSecurely = createSecureConnector();
  return (options, callback) => {
    const { protocol, hostname: host, port } = options;
    const isSecure = protocol === "https:";
    const socket = isSecure
      ? connectSecurely(options, { port: port === "" ? 443 : port })
      : builtIn("node:net").connect({ host, port: port === "" ? 80 : port });
    let isSettled = false;

    function settle(error: unknown): void {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      socket.off("error", settle);
      if (error !== null) socket.destroy();
      callback(error, error === null ? socket : null);
    }

    const timer = setTimeout(() => {
      settle(Object.assign(new Error(`no connection within ${CONNECT_MS / 1_000} s`), { code: "ETIMEDOUT" }));
    }, CONNECT_MS);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.once(isSecure ? "secureConnect" : "connect", () => settle(null));
    socket.on("error", ignoreError);
    socket.on("error", settle);
    return settle;
  };
}
