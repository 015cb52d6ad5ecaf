import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fetchTransport, type Transport, type TransportRequest } from "@babylon/provider-kit";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTestServer } from "../test-support/start-test-server.ts";
import { nodeTransport } from "./node-transport.ts";

/** Sends one request and returns the reports of `onSent`, with the outcome. */
async function sendBy(
  transport: Transport,
  url: string,
  more: Partial<TransportRequest> = {},
): Promise<{ reports: readonly boolean[]; ok: boolean }> {
  const reports: boolean[] = [];
  const request: TransportRequest = {
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: new AbortController().signal,
    onSent: (sent) => reports.push(sent),
    ...more,
  };
  const ok = await transport(request).then(
    async (response) => (await response.text()) !== "",
    () => false,
  );
  return { reports, ok };
}

/** A server that accepts connections and never responds, not even in the TLS handshake. */
async function silence(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
};

async function closedPort(): Promise<number> {
  const server = await silence();
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

const TRANSPORTS: readonly (readonly [string, Transport])[] = [
  ["the platform's dispatcher", nodeTransport()],
  ["fetch", fetchTransport()],
  ["a fetch of the caller's", fetchTransport((url, init) => fetch(url, init))],
];

describe.each(TRANSPORTS)("%s reports whether a request was sent", (name, transport) => {
  test("when it is answered", async () => {
    await using server = await startTestServer((_, response) => response.end("x"));
    expect(await sendBy(transport, server.url)).toEqual({ reports: [true], ok: true });
    // Over the same connection.
    expect(await sendBy(transport, server.url)).toEqual({ reports: [true], ok: true });
  });

  test("when the connection breaks afterwards", async () => {
    await using server = await startTestServer((request) => request.socket.destroy());
    expect((await sendBy(transport, server.url)).reports.at(-1)).toBe(true);
  });

  test("when the connection is refused", async () => {
    const { reports, ok } = await sendBy(transport, `http://127.0.0.1:${await closedPort()}`);
    expect(ok).toBe(false);
    expect(reports.at(-1) ?? false).toBe(false);
  });

  test("when the host is unknown", async () => {
    const { reports } = await sendBy(transport, "http://unknown.invalid");
    expect(reports.at(-1) ?? false).toBe(false);
  });

  test("when it is aborted before it begins", async () => {
    await using server = await startTestServer((_, response) => response.end("x"));
    expect(await sendBy(transport, server.url, { signal: AbortSignal.abort() })).toEqual({ reports: [], ok: false });
  });

  test("when it is aborted while it waits for a connection", async () => {
    const server = await silence();
    const controller = new AbortController();
    server.on("connection", () => controller.abort());
    const { reports } = await sendBy(transport, `https://127.0.0.1:${portOf(server)}`, { signal: controller.signal });
    // The state of fetch is not visible: the request may have been sent.
    expect(reports).toEqual(name === "the platform's dispatcher" ? [] : [true]);
  });
});
