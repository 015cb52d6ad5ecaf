import { builtIn, type ConnectRequest, type NodeSocket } from "../built-in.ts";
import type { ConnectOptions, OpenSocket } from "../connections/pool.ts";
import { ALPN_PROTOCOLS, createSecureConnector } from "./connect-securely.ts";
import { CONNECT_MS, KEEP_ALIVE_MS } from "./open-socket.ts";
import type { ProxyAddress } from "./proxy-address.ts";
import { ProxyError } from "./proxy-error.ts";

/**
 * Creates a function that connects to servers through a proxy (CONNECT, RFC 9110 9.3.6), with TLS for `https:`. Each connection is a
 * separate tunnel, also to a server without TLS, as in Node's own `fetch`.
 *
 * Fails with a `ProxyError` when the proxy fails, and with Node's own error when TLS with the server fails.
 */
export function createTunnelOpener(proxy: ProxyAddress): OpenSocket {
  const connectSecurely = createSecureConnector();
  return (options, callback) => {
    let open: { destroy(): unknown } | null = null;
    let isSettled = false;

    function settle(error: unknown, socket: NodeSocket | null): void {
      clearTimeout(timer);
      if (isSettled) return;
      isSettled = true;
      // Reported before closing, so that the error of the closed socket is not reported instead.
      callback(error, socket);
      if (socket === null) open?.destroy();
    }

    const fail = (error: unknown): void => settle(error, null);

    // The limit includes the TLS handshake.
    const timer = setTimeout(() => {
      fail(
        new ProxyError("PROXY_TIMEOUT", `the proxy at ${proxy.label} gave no connection in ${CONNECT_MS / 1_000} s`),
      );
    }, CONNECT_MS);

    const request = sendConnectRequest(proxy, authorityOf(options));
    open = request;
    request.on("error", (error) => fail(unreachable(proxy, error)));
    request.once("connect", ({ statusCode }, socket, head) => {
      open = socket;
      // Never removed: an error event of an idle socket without a listener would terminate the process. With TLS, errors of this socket are
      // also reported by the TLS socket.
      socket.on("error", fail);
      if (statusCode < 200 || statusCode > 299) return fail(refused(proxy, statusCode));
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      if (head.length > 0) socket.unshift(head);
      if (options.protocol !== "https:") return settle(null, socket);
      const secured = connectSecurely(options, { socket });
      open = secured;
      secured.on("error", fail);
      secured.once("secureConnect", () => settle(null, secured));
    });
    request.end();
    return fail;
  };
}

/** The host and port of a CONNECT request. */
function authorityOf({ protocol, hostname, port }: ConnectOptions): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${host}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
}

function sendConnectRequest({ isSecure, host, port, authorization }: ProxyAddress, authority: string): ConnectRequest {
  return builtIn(isSecure ? "node:https" : "node:http").request({
    method: "CONNECT",
    host,
    port,
    path: authority,
    // A new connection, which becomes the tunnel.
    agent: false,
    setHost: false,
    ALPNProtocols: ALPN_PROTOCOLS,
    headers: { host: authority, ...(authorization === null ? {} : { "proxy-authorization": authorization }) },
  });
}

function unreachable({ label }: ProxyAddress, error: Error & { readonly code?: unknown }): ProxyError {
  const code = typeof error.code === "string" ? ` (${error.code})` : "";
  return new ProxyError("PROXY_UNREACHABLE", `the proxy at ${label} cannot be reached${code}`);
}

function refused({ label, variable }: ProxyAddress, status: number): ProxyError {
  const why = status === 407 ? `: the user or password in ${variable} is missing or wrong` : "";
  return new ProxyError("PROXY_REFUSED", `the proxy at ${label} refused to connect with status ${status}${why}`);
}
