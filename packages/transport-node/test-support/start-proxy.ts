import { connect, type Socket } from "node:net";
import type { SelfSigned } from "./self-signed.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";

/** What a proxy does with whoever asks for a connection. Default: it connects. */
export type ProxyBehavior = (socket: Socket, connectNow: () => void) => void;

/** Says nothing, and notices when it is left. */
export const neverAnswer: ProxyBehavior = (socket) => {
  socket.resume();
  socket.on("end", () => socket.destroy());
};

/** A proxy on loopback that knows CONNECT only. */
export interface StartedProxy extends TestServer {
  /** What was asked for, in order: `host:port`. */
  readonly authorities: string[];
  /** The value of `proxy-authorization` of each of them. */
  readonly authorizations: (string | undefined)[];
  /** The connections to the proxy. */
  readonly sockets: Set<Socket>;
}

/** Starts one; with a key and a certificate it is spoken to over TLS. Every name is this machine. */
export async function startProxy(
  connecting: ProxyBehavior = (_, connectNow) => connectNow(),
  tls?: SelfSigned,
): Promise<StartedProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const served = await startTestServer((_, res) => res.writeHead(405).end(), tls);
  served.server.on("connect", (req, stream, head) => {
    const socket = stream as Socket;
    sockets.add(socket);
    asked.push(req.url ?? "");
    authorizations.push(req.headers["proxy-authorization"]);
    // Ends of either side are what some tests are about.
    socket.on("error", () => {});
    connecting(socket, () => {
      const port = Number(/:(\d+)$/.exec(req.url ?? "")?.[1]);
      const target = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.write(head);
        socket.pipe(target).pipe(socket);
      });
      target.on("error", () => socket.destroy());
      target.on("close", () => socket.destroy());
      socket.on("close", () => target.destroy());
    });
  });
  return {
    ...served,
    authorities: asked,
    authorizations,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await served[Symbol.asyncDispose]();
    },
  };
}
