import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server on the loopback that can die without either side knowing. */
export interface TcpProxy {
  /** The same URL, over this way. */
  readonly url: string;
  /** The connections that are open now stay open, and nothing passes over them any more; new ones work. */
  silence(): void;
  /** Resets the open connections, and refuses new ones until {@link accept}. */
  refuse(): Promise<void>;
  /** Accepts connections again, on the same port. */
  accept(): Promise<void>;
  /** From now on the address leads to another server, as a name or a proxy does after a failover. Open connections end. */
  pointTo(serverUrl: string): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server of a URL. */
export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  let target = new URL(serverUrl);
  const open = new Set<Socket>();
  const silent = new WeakSet<Socket>();

  function forward(from: Socket, to: Socket): void {
    open.add(from);
    from.on("data", (bytes) => {
      if (!silent.has(from)) to.write(bytes);
    });
    from.on("error", () => {});
    from.on("close", () => {
      open.delete(from);
      if (!silent.has(from)) to.destroy();
    });
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    forward(client, upstream);
    forward(upstream, client);
  });
  async function listen(port: number): Promise<void> {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }

  async function refuse(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.resetAndDestroy();
    await closed;
  }

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { port } = address;
  const url = new URL(serverUrl);
  url.port = String(port);
  return {
    url: url.href,
    silence() {
      for (const socket of open) silent.add(socket);
    },
    pointTo(other) {
      target = new URL(other);
      for (const socket of open) socket.destroy();
    },
    refuse,
    accept: () => listen(port),
    close: refuse,
  };
}
