import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, expect, test, vi } from "vitest";
import { selfSigned } from "../../test-support/self-signed.ts";
import { startProxy } from "../../test-support/start-proxy.ts";
import { startTestServer } from "../../test-support/start-test-server.ts";
import type { NodeSocket } from "../built-in.ts";
import type { ConnectOptions, OpenSocket } from "../connections/pool.ts";
import { servernameOf } from "./connect-securely.ts";
import { createSocketOpener } from "./open-socket.ts";
import { createTunnelOpener } from "./open-tunnel.ts";
import { proxyAddress } from "./proxy-address.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function optionsOf(url: string): ConnectOptions {
  const { protocol, host, hostname, port } = new URL(url);
  return { protocol, host, hostname, port };
}

/** A connection in progress; `giveUp` cancels it. */
function start(open: OpenSocket, url: string) {
  const { promise, resolve, reject } = Promise.withResolvers<NodeSocket>();
  let calls = 0;
  const giveUp = open(optionsOf(url), (error, socket) => {
    calls += 1;
    if (socket === null) reject(error);
    else resolve(socket);
  });
  return { promise, giveUp, calls: () => calls };
}

/** Accepts connections and never responds. */
async function serveSilence() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on("error", () => {}).resume()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.each(["directly", "through a proxy"])("%s: a TLS session is resumed, with the same server only", async (way) => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const reused: boolean[] = [];
  const tls = selfSigned();
  await using proxy = await startProxy();
  await using first = await startTestServer((_, res) => res.end(), tls);
  await using second = await startTestServer((_, res) => res.end(), tls);
  for (const { server } of [first, second]) {
    server.on("secureConnection", (socket: TLSSocket) => reused.push(socket.isSessionReused()));
  }
  const open =
    way === "directly"
      ? createSocketOpener()
      : createTunnelOpener(proxyAddress({ variable: "HTTPS_PROXY", value: proxy.url }));
  for (const { url } of [first, first, second]) {
    const socket = (await start(open, url).promise) as unknown as Socket;
    // The ticket of a TLS 1.3 session arrives with the first bytes.
    socket.write("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    socket.resume();
    await once(socket, "close");
  }
  expect(reused).toEqual([false, true, false]);
});

test("canceling closes the connection in progress and reports the reason once", async () => {
  await using silent = await serveSilence();
  const attempt = start(createSocketOpener(), silent.url);
  await vi.waitUntil(() => silent.sockets.length === 1);
  const closed = once(silent.sockets[0] as Socket, "close");
  attempt.giveUp(new Error("enough"));
  attempt.giveUp(new Error("again"));
  await expect(attempt.promise).rejects.toThrow("enough");
  await closed;
  expect(attempt.calls()).toBe(1);
});

test("a TLS handshake times out after ten seconds", async () => {
  await using silent = await serveSilence();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const attempt = start(createSocketOpener(), silent.url);
  const outcome = expect(attempt.promise).rejects.toMatchObject({ code: "ETIMEDOUT" });
  vi.advanceTimersByTime(10_000);
  await outcome;
  expect(vi.getTimerCount()).toBe(0);
});

test("an error of an idle connection is ignored", async () => {
  await using served = await startTestServer((_, res) => res.end());
  const attempt = start(createSocketOpener(), served.url);
  const socket = (await attempt.promise) as unknown as Socket;
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.destroy(new Error("idle"));
  await closed;
  expect(attempt.calls()).toBe(1);
});

test.each([
  ["api.acme.test", undefined, "api.acme.test"],
  ["api.acme.test", "other.test", "other.test"],
  ["127.0.0.1", undefined, ""],
  ["::1", null, ""],
])("the SNI name of %s, with servername %s, is %j", (hostname, servername, expected) => {
  expect(servernameOf({ protocol: "https:", host: hostname, hostname, port: "", servername })).toBe(expected);
});
