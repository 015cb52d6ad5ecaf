import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** Counts calls of workers as a vendor would. Each connection is a worker, in the order in which they connected. */
export interface CallCounter {
  readonly port: number;
  /** Calls in flight by worker. */
  readonly inFlight: readonly number[];
  /** Calls so far by worker. */
  readonly calls: readonly number[];
  /** The largest number of calls in flight at once, of all workers that are not excluded, since the last `takeMost`. */
  most(): number;
  /** The same, which begins anew. */
  takeMost(): number;
  /** Leaves out the calls of a worker that is stopped. */
  exclude(worker: number): void;
  close(): Promise<void>;
}

/** Starts a counter. */
export async function startCallCounter(): Promise<CallCounter> {
  const inFlight: number[] = [];
  const calls: number[] = [];
  const excluded = new Set<number>();
  const sockets = new Set<Socket>();
  let most = 0;

  const count = (): number => inFlight.reduce((sum, one, worker) => sum + (excluded.has(worker) ? 0 : one), 0);

  const server = createServer((socket) => {
    const worker = inFlight.push(0) - 1;
    calls.push(0);
    sockets.add(socket);
    const lines = createInterface({ input: socket });
    lines.on("error", () => {});
    lines.on("line", (sign) => {
      inFlight[worker] = (inFlight[worker] ?? 0) + (sign === "+" ? 1 : -1);
      if (sign === "+") calls[worker] = (calls[worker] ?? 0) + 1;
      most = Math.max(most, count());
      socket.write("ok\n");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      inFlight[worker] = 0;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    inFlight,
    calls,
    most: () => most,
    takeMost() {
      const taken = most;
      most = count();
      return taken;
    },
    exclude: (worker) => void excluded.add(worker),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
