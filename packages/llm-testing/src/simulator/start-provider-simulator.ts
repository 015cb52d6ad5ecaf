import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { checkFaultRule } from "./fault/check-fault-rule.ts";
import type { Fault, FaultScope } from "./fault/fault.ts";
import { createFaultBook } from "./fault/fault-book.ts";
import { createHandler, createWires } from "./server/create-handler.ts";
import { createRequestLog, type RecordedRequest } from "./server/request-log.ts";
import { type SimulatorEnv, simulatorEnv } from "./server/simulated-keys.ts";
import { checkOptions, type SimulatorOptions } from "./server/simulator-options.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";
import { SimulatorError } from "./simulator-error.ts";

/** A running simulator. */
export interface ProviderSimulator {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** The keys and base URLs for a client. */
  readonly env: SimulatorEnv;
  /** Base URLs by provider. */
  readonly baseURLs: Readonly<Record<SimulatedProvider, string>>;
  /** The requests since the start or the last `reset()`, in order. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Sets a fault for a provider, with precedence over existing ones; `null` removes all faults of the provider, or of that model.
   *
   * @throws SimulatorError `invalid_option`
   */
  setFault(provider: SimulatedProvider, fault: Fault | null, scope?: FaultScope): void;
  /** Removes all faults, including initial ones. */
  clearFaults(): void;
  /** Clears requests and counters, and restores the initial faults. Hanging requests are disconnected. */
  reset(): void;
  /** The first past or future request that matches the predicate. Default predicate: any. Rejects with `timeout`. */
  waitForRequest(
    predicate?: (request: RecordedRequest) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<RecordedRequest>;
  /** Resolves when the exchange is over: answered, or the connection closed. Rejects with `timeout`. */
  waitForClosed(requestId: number, options?: { readonly timeoutMs?: number }): Promise<RecordedRequest>;
  /** Calls a listener for each request when its body has arrived. Returns a function that removes the listener. */
  onRequest(listener: (request: RecordedRequest) => void): () => void;
  /** The number of open TCP connections, including idle ones of a client's pool. */
  openSockets(): number;
  /** The number of requests in flight. */
  openRequests(): number;
  /** Closes all connections and stops. Pending waits reject with `closed`. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server on loopback with the APIs of all four providers, their refusals and configurable faults. Answers only depend on seed and
 * request.
 *
 * @throws SimulatorError `not_loopback`, `invalid_option`, `listen_failed`
 */
export async function startProviderSimulator(options: SimulatorOptions = {}): Promise<ProviderSimulator> {
  const checked = checkOptions(options);
  const log = createRequestLog();
  const faults = createFaultBook(checked.faults, checked.seed);
  const wires = createWires(checked);
  // Idle connections are never closed by the server.
  const server = createServer({
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    connectionsCheckingInterval: 2_147_483_647,
  });
  const pending = new Map<number, Socket>();
  server.on("request", createHandler(wires, checked, log, faults, pending));
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new SimulatorError("listen_failed", `port ${checked.port}: ${cause.message}`, { cause })),
    );
    server.listen({ port: checked.port, host: checked.host, backlog: 1_024 }, resolve);
  });
  // A server that listens on a port has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  const url = `http://${checked.host.includes(":") ? `[${checked.host}]` : checked.host}:${port}`;
  const baseURLs = Object.fromEntries(
    wires.map(({ provider, basePath }) => [provider, `${url}${basePath}`]),
  ) as ProviderSimulator["baseURLs"];
  const close = async (): Promise<void> => {
    log.failWaits(new SimulatorError("closed", "the simulator was closed"));
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    port,
    env: simulatorEnv(baseURLs),
    baseURLs,
    requests: log.all,
    setFault(provider, fault, scope = {}) {
      if (fault === null) faults.clear(provider, scope);
      else faults.set(checkFaultRule({ ...scope, provider, fault }, "setFault"));
    },
    clearFaults: () => faults.clearAll(),
    reset() {
      for (const socket of pending.values()) socket.destroy();
      log.clear();
      faults.reset();
    },
    waitForRequest: (predicate = () => true, { timeoutMs } = {}) =>
      log.wait("waitForRequest", () => log.all.find(predicate), timeoutMs),
    waitForClosed: (requestId, { timeoutMs } = {}) =>
      log.wait(
        `waitForClosed(${requestId})`,
        () => log.all.find(({ id, outcome }) => id === requestId && outcome !== "pending"),
        timeoutMs,
      ),
    onRequest: (listener) => log.subscribe(listener),
    openSockets: () => sockets.size,
    openRequests: () => pending.size,
    close,
    [Symbol.asyncDispose]: close,
  };
}
