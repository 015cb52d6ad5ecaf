import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import zlib from "node:zlib";
import {
  BodyTooLargeError,
  fetchTransport,
  networkError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@babylon/provider-kit";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../test-support/start-test-server.ts";
import { nodeTransport } from "./node-transport.ts";

const KB = 1024;
const LIMIT = { bytes: 64 * KB, name: "maxResponseBytes" };
const TRANSPORTS: readonly (readonly [string, Transport])[] = [
  ["node", nodeTransport()],
  ["fetch", fetchTransport()],
];

type Compress = (bytes: Uint8Array) => Uint8Array;
const CODINGS: readonly (readonly [string, Compress])[] = [
  ["identity", (bytes) => bytes],
  ["gzip", (bytes) => zlib.gzipSync(bytes)],
  ["deflate", (bytes) => zlib.deflateSync(bytes)],
  ["br", (bytes) => zlib.brotliCompressSync(bytes)],
  ["zstd", (bytes) => zlib.zstdCompressSync(bytes)],
  ["gzip, gzip", (bytes) => zlib.gzipSync(zlib.gzipSync(bytes))],
];

function request(url: string, limit: TransportRequest["limit"] = LIMIT): TransportRequest {
  return { method: "POST", url, headers: {}, body: "{}", signal: new AbortController().signal, limit };
}

/** A server that sends these bytes and keeps the connection open; `closed` resolves when the client has disconnected. */
function holding(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  const closed = Promise.withResolvers<string>();
  const listener: RequestListener = (_, response: ServerResponse) => {
    response.on("close", () => closed.resolve(response.writableFinished ? "finished" : "closed by the client"));
    response.writeHead(200, headers);
    response.write(bytes);
  };
  return { listener, closed: closed.promise };
}

async function lengthOf({ body }: TransportResponse): Promise<number> {
  let length = 0;
  for await (const piece of body ?? []) length += piece.byteLength;
  return length;
}

const READERS: readonly ((response: TransportResponse) => Promise<unknown>)[] = [
  (response) => response.text(),
  lengthOf,
];

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (thrown: unknown) => thrown,
  );

describe.each(TRANSPORTS)("by %s", (name, send) => {
  // The fetch of Node 22 does not support zstd.
  const codings = name === "fetch" ? CODINGS.filter(([coding]) => coding !== "zstd") : CODINGS;
  test.each(codings)("more than the limit, sent as %s: the socket is closed", async (coding, compress) => {
    for (const read of READERS) {
      const bytes = compress(new Uint8Array(LIMIT.bytes + 1).fill(97));
      const { listener, closed } = holding(bytes, { "content-encoding": coding });
      await using served = await startTestServer(listener);
      const thrown = await errorOf(send(request(served.url)).then(read));
      expect(thrown).toBeInstanceOf(BodyTooLargeError);
      expect(thrown).toMatchObject({ message: "sent more than 64 KB (maxResponseBytes)" });
      expect(await closed).toBe("closed by the client");
    }
  });

  test.each(codings)("exactly the limit, sent as %s, is read", async (coding, compress) => {
    const bytes = compress(new Uint8Array(LIMIT.bytes).fill(97));
    await using served = await startTestServer((_, response) =>
      response.writeHead(200, { "content-encoding": coding }).end(bytes),
    );
    expect((await (await send(request(served.url))).text()).length).toBe(LIMIT.bytes);
    expect(await lengthOf(await send(request(served.url)))).toBe(LIMIT.bytes);
    expect((await (await send(request(served.url, undefined))).text()).length).toBe(LIMIT.bytes);
  });

  test("the bytes before the limit are delivered", async () => {
    const { listener } = holding(new Uint8Array(10 * KB));
    await using served = await startTestServer((req, response) => {
      listener(req, response);
      const timer = setInterval(() => response.write(new Uint8Array(10 * KB)), 1);
      response.on("close", () => clearInterval(timer));
    });
    const { body } = await send(request(served.url));
    let seen = 0;
    const reading = (async () => {
      for await (const piece of body ?? []) seen += piece.byteLength;
    })();
    expect(await errorOf(reading)).toBeInstanceOf(BodyTooLargeError);
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThanOrEqual(LIMIT.bytes);
  });
});

test("a decompression bomb is canceled before it is unpacked", async () => {
  // 256 MB in 250 KB; the server would send it again and again.
  const bomb = zlib.gzipSync(new Uint8Array(256 * KB * KB));
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  await using served = await startTestServer(async (_, response) => {
    response.on("close", () => closed.resolve());
    response.writeHead(200, { "content-encoding": "gzip" });
    while (!response.destroyed) {
      sent += bomb.byteLength;
      if (!response.write(bomb)) await Promise.race([once(response, "drain"), closed.promise]);
    }
  });
  const response = await nodeTransport()(request(served.url));
  expect(await errorOf(lengthOf(response))).toBeInstanceOf(BodyTooLargeError);
  await closed.promise;
  expect(sent).toBeLessThan(64 * KB * KB);
});

test("a body with too many codings is not decoded", async () => {
  await using served = await startTestServer((_, response) =>
    response.writeHead(200, { "content-encoding": Array(200).fill("gzip").join(", ") }).end("as it is"),
  );
  expect(await (await nodeTransport()(request(served.url))).text()).toBe("as it is");
});

test("is invalid_response with the limit and its name, and not retryable", () => {
  const facts = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };
  const { signal } = new AbortController();
  const thrown = new BodyTooLargeError({ bytes: 1_000_001, name: "maxResponseBytes" });
  for (const each of [thrown, new TypeError("terminated", { cause: thrown })]) {
    expect(networkError(each, signal, facts)).toMatchObject({
      code: "invalid_response",
      message: "Acme sent more than 1000001 bytes (maxResponseBytes)",
      retryable: false,
      fallback: true,
      provider: "acme",
      model: "m",
    });
  }
});
