import type { NamedProxy } from "./choose-proxy.ts";
import type { AgentClass, ConnectionSource, ConnectOptions, OwnDispatcher } from "./connection-source.ts";
import { openTunnel, type TunnelTarget } from "./open-tunnel.ts";
import { proxyAddress } from "./proxy-address.ts";

/** What waits at an origin: requests for a connection, and connections that are being made. */
interface Waiting {
  requests: number;
  readonly attempts: Set<AbortController>;
}

/** Ends a connection that no request waits for any more. Goes nowhere. */
const NOBODY = new Error("no request waits for this connection any more");

/**
 * Connections through a proxy. Each is a tunnel of its own, also to a target without TLS, as with Node's own `fetch`; it is kept and
 * used again as direct ones are.
 *
 * @throws ProxyError when the variable holds no URL of a proxy
 */
export function createProxySource(named: NamedProxy, Agent: AgentClass): ConnectionSource {
  const proxy = proxyAddress(named);

  function fresh(): OwnDispatcher {
    const origins = new Map<string, Waiting>();

    function at(origin: string): Waiting {
      const known = origins.get(origin);
      if (known !== undefined) return known;
      const created: Waiting = { requests: 0, attempts: new Set() };
      origins.set(origin, created);
      return created;
    }

    function tidy(origin: string, { requests, attempts }: Waiting): void {
      if (requests === 0 && attempts.size === 0) origins.delete(origin);
    }

    const agent = new Agent({
      connect(options, callback) {
        const origin = `${options.protocol}//${options.host}`;
        const waiting = at(origin);
        const attempt = new AbortController();
        waiting.attempts.add(attempt);
        const ended = (): void => {
          waiting.attempts.delete(attempt);
          tidy(origin, waiting);
        };
        openTunnel(proxy, targetOf(options), attempt.signal).then(
          (socket) => {
            ended();
            callback(null, socket);
          },
          (error: unknown) => {
            ended();
            callback(error, null);
          },
        );
      },
    });

    return {
      close: () => agent.close(),
      /** The dispatcher goes on connecting for requests that were aborted: when nobody else waits either, it is stopped here. */
      dispatch(options, handler, signal) {
        const waiting = at(options.origin);
        waiting.requests += 1;
        let isOver = false;
        const over = (): void => {
          if (isOver) return;
          isOver = true;
          signal.removeEventListener("abort", leave);
          waiting.requests -= 1;
          tidy(options.origin, waiting);
        };
        function leave(): void {
          over();
          if (waiting.requests === 0) for (const attempt of waiting.attempts) attempt.abort(NOBODY);
        }
        signal.addEventListener("abort", leave);
        return agent.dispatch(
          options,
          {
            ...handler,
            onConnect(close) {
              over();
              handler.onConnect(close);
            },
            onError(error) {
              over();
              handler.onError(error);
            },
          },
          signal,
        );
      },
    };
  }

  return { dispatcher: fresh(), fresh };
}

function targetOf({ protocol, hostname, port, servername }: ConnectOptions): TunnelTarget {
  const isSecure = protocol === "https:";
  const isIPv6 = hostname.includes(":");
  return {
    authority: `${isIPv6 ? `[${hostname}]` : hostname}:${port === "" ? (isSecure ? 443 : 80) : port}`,
    isSecure,
    hostname,
    servername: servername ?? (isIPv6 || /^[\d.]+$/.test(hostname) ? "" : hostname),
  };
}
