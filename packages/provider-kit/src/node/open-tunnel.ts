import type { ProxyAddress } from "./proxy-address.ts";
import { ProxyError } from "./proxy-error.ts";

/** As much of a socket of Node as is used here; undici takes it from there. */
export interface TunnelSocket {
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "secureConnect", listener: () => void): unknown;
  setNoDelay(on: boolean): unknown;
  setKeepAlive(on: boolean, delayMs: number): unknown;
  unshift(bytes: Uint8Array): unknown;
  destroy(): unknown;
}

/** The other end of a tunnel. */
export interface TunnelTarget {
  /** For CONNECT: host and port. */
  readonly authority: string;
  readonly isSecure: boolean;
  /** What the certificate must be for. */
  readonly hostname: string;
  /** For SNI; empty for an address. */
  readonly servername: string;
}

/** Node's own limit for connections of `fetch` (undici 7.29, 2026-11). For proxy and TLS together. */
const TIMEOUT_MS = 10_000;

const KEEP_ALIVE_MS = 60_000;

/** The only protocol that the dispatcher speaks over what it is given. */
const ALPNProtocols = ["http/1.1"] as const;

/**
 * Has a proxy connect to a target (CONNECT, RFC 9110 9.3.6), and speaks TLS to it through the proxy where the target wants it. The
 * socket has a listener for errors, so that one in an idle moment ends no process.
 *
 * @param signal - closes what there is so far; its reason is thrown
 * @throws ProxyError when it is the proxy that fails; Node's own error when TLS with the target does
 */
export function openTunnel(proxy: ProxyAddress, target: TunnelTarget, signal: AbortSignal): Promise<TunnelSocket> {
  return new Promise((resolve, reject) => {
    let open: { destroy(): unknown } | null = null;

    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }

    function fail(error: unknown): void {
      end();
      reject(error);
      open?.destroy();
    }

    function abort(): void {
      fail(signal.reason);
    }

    function succeed(socket: TunnelSocket): void {
      end();
      resolve(socket);
    }

    const timer = setTimeout(() => {
      fail(
        new ProxyError("PROXY_TIMEOUT", `the proxy at ${proxy.label} gave no connection in ${TIMEOUT_MS / 1_000} s`),
      );
    }, TIMEOUT_MS);
    signal.addEventListener("abort", abort);

    const request = askForConnection(proxy, target.authority);
    open = request;
    request.on("error", (error) => fail(unreachable(proxy, error)));
    request.once("connect", ({ statusCode }, socket, head) => {
      open = socket;
      // Once there is TLS, its own socket tells of the errors of this one.
      socket.on("error", fail);
      if (statusCode < 200 || statusCode > 299) return fail(refused(proxy, statusCode));
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      if (head.length > 0) socket.unshift(head);
      if (!target.isSecure) return succeed(socket);
      const { hostname: host, servername } = target;
      const secured = builtIn("node:tls").connect({ socket, host, servername, ALPNProtocols });
      open = secured;
      secured.on("error", fail);
      secured.once("secureConnect", () => succeed(secured));
    });
    request.end();
  });
}

function askForConnection({ isSecure, host, port, authorization }: ProxyAddress, authority: string): ConnectRequest {
  return builtIn(isSecure ? "node:https" : "node:http").request({
    method: "CONNECT",
    host,
    port,
    path: authority,
    // A connection of its own, which becomes the tunnel.
    agent: false,
    setHost: false,
    ALPNProtocols,
    headers: { host: authority, ...(authorization === null ? {} : { "proxy-authorization": authorization }) },
  });
}

function unreachable({ label }: ProxyAddress, error: Error & { readonly code?: unknown }): ProxyError {
  const code = typeof error.code === "string" ? ` (${error.code})` : "";
  return new ProxyError("PROXY_UNREACHABLE", `the proxy at ${label} cannot be reached${code}`);
}

function refused({ label, variable }: ProxyAddress, status: number): ProxyError {
  const why = status === 407 ? `: user or password in ${variable} are missing or wrong` : "";
  return new ProxyError("PROXY_REFUSED", `the proxy at ${label} refused to connect with status ${status}${why}`);
}

/** A request of `node:http` that asks for a connection. */
interface ConnectRequest {
  on(event: "error", listener: (error: Error) => void): unknown;
  once(
    event: "connect",
    listener: (reply: { readonly statusCode: number }, socket: TunnelSocket, head: Uint8Array) => void,
  ): unknown;
  end(): unknown;
  destroy(): unknown;
}

interface BuiltIns {
  "node:http": { request(options: object): ConnectRequest };
  "node:https": { request(options: object): ConnectRequest };
  "node:tls": { connect(options: object): TunnelSocket };
}

/** Loaded when a proxy is used, and by a function, so that no bundler finds the name. */
function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: Name): BuiltIns[Name] } };
  return process.getBuiltinModule(name);
}
