import { connect, type Socket } from "node:net";
import type { SelfSigned } from "./self-signed.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";

/** The reaction of a proxy to a CONNECT request. Default: it connects. */
export type ProxyBehavior = (socket: Socket, connectNow: () => void) => void;

/** Never responds, and closes when the client disconnects. */
export const neverAnswer: ProxyBehavior = (socket) => {
  socket.resume();
  socket.on("end", () => socket.destroy());
};

/** A proxy on loopback that supports CONNECT only. */
export interface StartedProxy extends TestServer {
  /** The targets of all CONNECT requests, in order: `host:port`. */
  readonly authorities: string[];
  /** The `proxy-authorization` header of each of these requests. */
  readonly authorizations: (string | undefined)[];
  /** The connections to the proxy. */
  readonly sockets: Set<Socket>;
}

/** Starts a proxy, over TLS with a key and a certificate. Every host name resolves to loopback. */
export async function startProxy(
  connecting: ProxyBehavior = (_, connectNow) => connectNow(),
  tls?: SelfSigned,
): Promise<StartedProxy> {
  const authorities: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const served = await startTestServer((_, res) => res.writeHead(405).end(), tls);
  served.server.on("connect", (req, stream, head) => {
    const socket = stream as Socket;
    sockets.add(socket);
    authorities.push(req.url ?? "");
    authorizations.push(req.headers["proxy-authorization"]);
    // Tests close either side; errors of the socket are expected.
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
    authorities,
    authorizations,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await served[Symbol.asyncDispose]();
    },
  };
}
