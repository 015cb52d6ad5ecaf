import { once } from "node:events";
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { text as readAll } from "node:stream/consumers";
import zlib from "node:zlib";
import type { TransportRequest, TransportResponse } from "@babylon/provider-kit";
import { networkError, readEvents } from "@babylon/provider-kit";
import { afterEach, describe, expect, test, vi } from "vitest";
import { selfSigned } from "../test-support/self-signed.ts";
import { startTestServer } from "../test-support/start-test-server.ts";
import { nodeTransport } from "./node-transport.ts";

const SLOT = Symbol.for("undici.globalDispatcher.1");
const FACTS = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };

const send = nodeTransport();

function request(url: string, more: Partial<TransportRequest> = {}): TransportRequest {
  const { signal } = new AbortController();
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", "x-one": "1" },
    body: "{}",
    signal,
    ...more,
  };
}

function bodyOf({ body }: TransportResponse): AsyncIterable<Uint8Array> {
  if (body === null) throw new Error("the reply has no body");
  return body;
}

/** The error of an adapter for the failure. */
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (thrown: unknown) => networkError(thrown, new AbortController().signal, FACTS),
  );

describe("the route of a request", () => {
  /** `fetch` adds its own headers. */
  const wentByFetch = (headers: IncomingHttpHeaders): boolean => "sec-fetch-mode" in headers;
  let seen: boolean[] = [];
  const answer: RequestListener = (req, res) => {
    seen.push(wentByFetch(req.headers));
    res.end("real");
  };
  interface Composable {
    dispatch(...args: unknown[]): boolean;
    /** The function that an interceptor returns has to declare two parameters (undici 6). */
    compose(interceptor: () => (options: unknown, handler: unknown) => boolean): object;
  }
  /** Node loads its undici at the first access to `Response`. */
  const dispatcherOf = (_: typeof Response): Composable => Reflect.get(globalThis, SLOT);
  const platform = { fetch: globalThis.fetch, dispatcher: dispatcherOf(globalThis.Response) };
  afterEach(() => {
    globalThis.fetch = platform.fetch;
    Reflect.set(globalThis, SLOT, platform.dispatcher);
    seen = [];
  });

  test("bypasses fetch on Node and uses its dispatcher", async () => {
    await using served = await startTestServer(answer);
    const response = await send(request(`${served.url}/v1/x?y=1`));
    expect(await response.text()).toBe("real");
    expect(seen).toEqual([false]);
  });

  test("goes through a given fetch", async () => {
    const given = nodeTransport(async () => new Response("given"));
    expect(await (await given(request("http://127.0.0.1:1/"))).text()).toBe("given");
  });

  test("goes through a fetch that replaced the global one", async () => {
    await using served = await startTestServer(answer);
    globalThis.fetch = async () => new Response("replaced");
    expect(await (await send(request(served.url))).text()).toBe("replaced");
    globalThis.fetch = platform.fetch;
    expect(await (await send(request(served.url))).text()).toBe("real");
    expect(seen).toEqual([false]);
  });

  test.each([
    ["a dispatcher of another class", (own: object) => Object.setPrototypeOf({ ...own }, { dispatch: forward })],
    ["an object with a dispatch method", () => ({ dispatch: forward })],
    [
      "the platform's with interceptors",
      () => platform.dispatcher.compose(() => (options, handler) => forward(options, handler)),
    ],
  ])("uses fetch if the application has set %s", async (_, make) => {
    await using served = await startTestServer(answer);
    forwarded = 0;
    Reflect.set(globalThis, SLOT, make({}));
    expect(await (await send(request(served.url))).text()).toBe("real");
    expect({ seen, forwarded }).toEqual({ seen: [true], forwarded: 1 });
  });

  let forwarded = 0;
  function forward(...args: unknown[]): boolean {
    forwarded += 1;
    return platform.dispatcher.dispatch(...args);
  }

  test.each([
    ["another platform", {}],
    ["an unknown version of undici", { ...process.versions, undici: "9.0.0" }],
  ])("uses fetch on %s", async (_, versions) => {
    await using served = await startTestServer(answer);
    const spy = vi.spyOn(process, "versions", "get").mockReturnValue(versions as NodeJS.ProcessVersions);
    try {
      expect(await (await nodeTransport()(request(served.url))).text()).toBe("real");
    } finally {
      spy.mockRestore();
    }
    expect(seen).toEqual([true]);
  });
});

test("sends exactly the headers it is given, with the length of the body in bytes", async () => {
  const seen: unknown[] = [];
  await using served = await startTestServer(async (req, res) => {
    seen.push(req.method, req.url, req.headers, await readAll(req));
    res.end();
  });
  await (await send(request(`${served.url}/v1/x?y=1`, { body: '{"a":"ü"}' }))).text();
  await (await send(request(`${served.url}/models`, { method: "GET", headers: {}, body: null }))).text();
  const host = served.url.slice("http://".length);
  const headers = {
    host,
    connection: "keep-alive",
    "content-type": "application/json",
    "x-one": "1",
    "content-length": "10",
  };
  expect(seen).toEqual([
    "POST",
    "/v1/x?y=1",
    headers,
    '{"a":"ü"}',
    "GET",
    "/models",
    { host, connection: "keep-alive" },
    "",
  ]);
});

test("several headers of a name are joined, names are found in any case, 204 has no body, informational replies are skipped", async () => {
  await using served = await startTestServer((_, res) => {
    res.writeProcessing();
    res
      .writeHead(
        204,
        [
          ["X-Limit", "1"],
          ["x-limit", "2"],
        ].flat(),
      )
      .end();
  });
  const response = await send(request(served.url));
  expect([response.status, response.ok, response.body, response.url]).toEqual([204, true, null, served.url]);
  expect([response.headers.get("x-LIMIT"), response.headers.get("x-none")]).toEqual(["1, 2", null]);
  expect(Object.fromEntries(response.headers.entries())).toMatchObject({ "x-limit": "1, 2" });
});

const CONTENT = `{"text":"${"Grüezi 🌍 ".repeat(500)}"}`;
const plain = Buffer.from(CONTENT);

const CODINGS: readonly [string, (data: Buffer) => Buffer][] = [
  ["gzip", zlib.gzipSync],
  ["X-GZip", zlib.gzipSync],
  ["deflate", zlib.deflateSync],
  // Invalid by RFC 9110, but servers send it.
  ["deflate", zlib.deflateRawSync],
  ["br", zlib.brotliCompressSync],
  ["zstd", zlib.zstdCompressSync],
  ["gzip, br", (data) => zlib.brotliCompressSync(zlib.gzipSync(data))],
  ["identity", (data) => data],
];

test.each(CODINGS)("decodes a reply with content-encoding %s", async (coding, encode) => {
  await using served = await startTestServer((_, res) =>
    res.writeHead(200, { "content-encoding": coding }).end(encode(plain)),
  );
  expect(await (await send(request(served.url))).json()).toEqual(JSON.parse(CONTENT));
});

test("does not decode a body with an unknown coding, like fetch", async () => {
  await using served = await startTestServer((_, res) =>
    res.writeHead(200, { "content-encoding": "x-own" }).end("as it is"),
  );
  expect(await (await send(request(served.url))).text()).toBe("as it is");
});

const STREAM_CODINGS: readonly [string, () => zlib.Gzip | zlib.BrotliCompress | zlib.ZstdCompress][] = [
  ["gzip", zlib.createGzip],
  ["deflate", zlib.createDeflate],
  ["deflate", zlib.createDeflateRaw],
  ["br", zlib.createBrotliCompress],
  ["zstd", zlib.createZstdCompress],
];

describe.each(STREAM_CODINGS)("an event stream with content-encoding %s", (coding, createEncoder) => {
  /** Sends one event and waits for a signal before the next. */
  async function stream(res: ServerResponse, mayGoOn: Promise<unknown>, isCut = false): Promise<void> {
    const encoder = createEncoder();
    encoder.pipe(res.writeHead(200, { "content-type": "text/event-stream", "content-encoding": coding }));
    encoder.write("data: 1\n\n");
    encoder.flush();
    await mayGoOn;
    if (isCut) res.socket?.resetAndDestroy();
    else encoder.end("data: 2\n\n");
  }

  test("delivers each event when it arrives", async () => {
    const first = Promise.withResolvers<void>();
    await using served = await startTestServer((_, res) => void stream(res, first.promise));
    const events: string[] = [];
    for await (const batch of readEvents(bodyOf(await send(request(served.url))))) {
      events.push(...batch.map(({ data }) => data));
      first.resolve();
    }
    expect(events).toEqual(["1", "2"]);
  });

  test("fails when the connection breaks, after the received events", async () => {
    const first = Promise.withResolvers<void>();
    await using served = await startTestServer((_, res) => void stream(res, first.promise, true));
    const events: string[] = [];
    const reading = (async () => {
      for await (const batch of readEvents(bodyOf(await send(request(served.url))))) {
        events.push(...batch.map(({ data }) => data));
        first.resolve();
      }
    })();
    expect(await failureOf(reading)).toMatchObject({ code: "network" });
    expect(events).toEqual(["1"]);
  });

  test("closes the socket when the reader is closed, even during a pending read", async () => {
    const closed = Promise.withResolvers<void>();
    await using served = await startTestServer((req, res) => {
      req.socket.once("close", () => closed.resolve());
      void stream(res, closed.promise, true);
    });
    const reader = bodyOf(await send(request(served.url)))[Symbol.asyncIterator]();
    await reader.next();
    const waiting = reader.next();
    await reader.return?.();
    await closed.promise;
    expect(await waiting).toMatchObject({ done: true });
  });
});

test("a damaged compressed body is a failure of the connection", async () => {
  await using served = await startTestServer((_, res) =>
    res.writeHead(200, { "content-encoding": "gzip" }).end("not gzip"),
  );
  expect(await failureOf((await send(request(served.url))).text())).toMatchObject({ code: "network" });
});

test("a redirect is returned, not followed", async () => {
  let requests = 0;
  await using served = await startTestServer((_, res) => {
    requests += 1;
    res.writeHead(308, { location: "https://elsewhere.test/" }).end();
  });
  const response = await send(request(served.url));
  expect([response.status, response.ok, response.headers.get("location")]).toEqual([
    308,
    false,
    "https://elsewhere.test/",
  ]);
  expect(requests).toBe(1);
});

test("large bodies are complete in both directions, and a slow reader causes backpressure", async () => {
  const size = 24 * 1024 * 1024;
  let received = 0;
  let written = 0;
  await using served = await startTestServer(async (req, res) => {
    for await (const piece of req) received += piece.length;
    const piece = Buffer.alloc(64 * 1024, "x");
    for (; written < size; written += piece.length) if (!res.write(piece)) await once(res, "drain");
    res.end();
  });
  const response = await send(request(served.url, { body: "y".repeat(size) }));
  const reader = bodyOf(response)[Symbol.asyncIterator]();
  let read = (await reader.next()).value?.length ?? 0;
  const heldBack = written;
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) read += next.value.length;
  expect({ received, read }).toEqual({ received: size, read: size });
  expect(heldBack).toBeLessThan(size);
});

describe("TLS", () => {
  const tls = selfSigned();

  test("an untrusted certificate is rejected and named", async () => {
    await using served = await startTestServer((_, res) => res.end("secret"), tls);
    expect(await failureOf(send(request(served.url)))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/^Acme could not be reached over TLS \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/),
    });
  });

  test("a server without TLS is a failure of the connection", async () => {
    await using served = await startTestServer((_, res) => res.end());
    expect(await failureOf(send(request(served.url.replace("http:", "https:"))))).toMatchObject({ code: "network" });
  });
});

test("idle connections that the server closed are not reused", async () => {
  const sockets = new Set<unknown>();
  await using served = await startTestServer((req, res) => {
    sockets.add(req.socket);
    res.end("{}");
  });
  for (let call = 0; call < 10; call += 1) {
    expect(await (await send(request(served.url))).json()).toEqual({});
    const closed = Promise.all([...sockets].map((socket) => once(socket as NodeJS.EventEmitter, "close")));
    served.server.closeIdleConnections();
    await closed;
    // The server has sent the end; the client reads it in a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 5));
    sockets.clear();
  }
});

test("no listener or timer remains after a reply was read, canceled, failed or aborted", async () => {
  await using served = await startTestServer((req, res) => {
    if (req.url === "/reset") return void req.socket.resetAndDestroy();
    if (req.url === "/hold") return void res.writeHead(200).write("data");
    res.end("{}");
  });
  const { signal } = new AbortController();
  let listeners = 0;
  vi.spyOn(signal, "addEventListener").mockImplementation(() => {
    listeners += 1;
  });
  vi.spyOn(signal, "removeEventListener").mockImplementation(() => {
    listeners -= 1;
  });
  await (await send(request(`${served.url}/`, { signal }))).text();
  await send(request(`${served.url}/reset`, { signal })).catch(() => {});
  for await (const _ of bodyOf(await send(request(`${served.url}/hold`, { signal })))) break;
  expect(listeners).toBe(0);
});

test("an abort while connecting rejects at once with its reason, and the request is never sent", async () => {
  let requests = 0;
  await using served = await startTestServer((_, res) => {
    requests += 1;
    res.end("{}");
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const pending = send(request(served.url, { signal: controller.signal }));
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await expect(send(request(served.url, { signal: controller.signal }))).rejects.toBe(reason);
  await (await send(request(served.url))).text();
  expect(requests).toBe(1);
});

describe("a stream with fast events", () => {
  const EVENTS = 400;
  const event = (index: number): string => `data: ${index}\n\n`;
  /** One write per event, each in a separate turn of the event loop. */
  const quickly: RequestListener = (_, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    let index = 0;
    const next = (): void => {
      if (index === EVENTS) return void res.end();
      res.write(event(index++));
      setImmediate(next);
    };
    next();
  };
  const whole = Array.from({ length: EVENTS }, (_, index) => event(index)).join("");

  test.each([
    ["plain", undefined],
    ["over TLS", selfSigned()],
  ])("%s: is read completely, and the connection is reused", async (_, tls) => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      const sockets = new Set<unknown>();
      await using served = await startTestServer((req, res) => {
        sockets.add(req.socket);
        if (req.url === "/after") res.end("after");
        else quickly(req, res);
      }, tls);
      for (let stream = 0; stream < 3; stream += 1) {
        let text = "";
        for await (const piece of bodyOf(await send(request(served.url)))) text += Buffer.from(piece).toString();
        expect(text).toBe(whole);
        expect(await (await send(request(`${served.url}/after`))).text()).toBe("after");
      }
      // A request that follows at once gets another connection: undici frees one after a turn of the event loop.
      expect(sockets.size).toBeLessThanOrEqual(2);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("is not delayed when the server waits for the client", async () => {
    let answerNext = (): void => {};
    await using served = await startTestServer((_, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      let index = 0;
      answerNext = () => (index === EVENTS ? res.end() : res.write(event(index++)));
      answerNext();
    });
    let text = "";
    for await (const piece of bodyOf(await send(request(served.url)))) {
      text += Buffer.from(piece).toString();
      answerNext();
    }
    expect(text).toBe(whole);
  });

  test("leaves no timer when it is canceled or aborted, and its socket is closed", async () => {
    const closed: Promise<unknown>[] = [];
    await using served = await startTestServer((req, res) => {
      // Not `once`, which rejects on the error of the server's next write.
      closed.push(new Promise((resolve) => req.socket.on("error", () => {}).once("close", resolve)));
      quickly(req, res);
    });
    const controller = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const read = async (signal: AbortSignal, leave: () => void): Promise<void> => {
      let pieces = 0;
      for await (const _ of bodyOf(await send(request(served.url, { signal })))) {
        pieces += 1;
        if (pieces === 20) return leave();
      }
    };
    await read(new AbortController().signal, () => {});
    // A timer of the test runner may end meanwhile.
    expect(timers()).toBeLessThanOrEqual(before);
    await read(controller.signal, () => controller.abort(new Error("enough")));
    // A timer of the test runner may end meanwhile.
    expect(timers()).toBeLessThanOrEqual(before);
    await Promise.all(closed);
  });
});
