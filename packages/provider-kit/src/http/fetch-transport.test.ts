import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { networkError } from "../errors/network-error.ts";
import { readEvents } from "../sse/read-events.ts";
import { fetchTransport } from "./fetch-transport.ts";
import type { TransportRequest, TransportResponse } from "./transport.ts";

const FACTS = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };

let server: Server | null = null;
afterEach(async () => {
  const open = server;
  server = null;
  if (open === null) return;
  open.closeAllConnections();
  await new Promise((resolve) => open.close(resolve));
});

async function serve(listener: RequestListener): Promise<string> {
  const created = createServer(listener);
  server = created;
  await new Promise<void>((resolve) => created.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(created.address() as AddressInfo).port}`;
}

function request(url: string, signal: AbortSignal = new AbortController().signal): TransportRequest {
  return { method: "POST", url, headers: { "content-type": "application/json", "x-one": "1" }, body: "{}", signal };
}

function bodyOf({ body }: TransportResponse): AsyncIterable<Uint8Array> {
  if (body === null) throw new Error("the reply has no body");
  return body;
}

test("sends method, headers and body, and reads the reply", async () => {
  const seen: unknown[] = [];
  const url = await serve((req, res) => {
    seen.push(req.method, req.headers["x-one"], req.url);
    req.pipe(res.writeHead(201, { "x-request-id": "r1" }));
  });
  const response = await fetchTransport()(request(`${url}/v1/x`));
  expect(response).toMatchObject({ status: 201, ok: true, url: `${url}/v1/x` });
  expect(response.headers.get("X-Request-Id")).toBe("r1");
  expect(Object.fromEntries(response.headers.entries())).toMatchObject({ "x-request-id": "r1" });
  expect(response.body).toBe(response.body);
  expect(await response.json()).toEqual({});
  expect(seen).toEqual(["POST", "1", "/v1/x"]);
});

test("uses the current global fetch, or the given one", async () => {
  const url = await serve((_, res) => res.end("real"));
  const original = globalThis.fetch;
  const transport = fetchTransport();
  globalThis.fetch = async () => new Response("replaced");
  try {
    expect(await (await transport(request(url))).text()).toBe("replaced");
  } finally {
    globalThis.fetch = original;
  }
  expect(await (await transport(request(url))).text()).toBe("real");
  expect(await (await fetchTransport(async () => new Response("given"))(request(url))).text()).toBe("given");
});

test("returns a redirect instead of following it", async () => {
  let requests = 0;
  const url = await serve((_, res) => {
    requests += 1;
    res.writeHead(307, { location: "https://elsewhere.test/" }).end();
  });
  const response = await fetchTransport()(request(url));
  expect([response.status, response.ok, requests]).toEqual([307, false, 1]);
});

test("a refused connection, a reset before the head and a reset in the body are network errors", async () => {
  const { signal } = new AbortController();
  const fail = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "no error",
      (thrown: unknown) => networkError(thrown, signal, FACTS),
    );

  const url = await serve((req, res) => {
    if (req.url === "/before") return void req.socket.resetAndDestroy();
    res.writeHead(200);
    res.write("data: 1\n\n", () => req.socket.resetAndDestroy());
  });
  expect(await fail(fetchTransport()(request(`${url}/before`, signal)))).toMatchObject({ code: "network" });
  const response = await fetchTransport()(request(`${url}/during`, signal));
  expect(await fail(response.text())).toMatchObject({ code: "network" });

  expect(await fail(fetchTransport()(request("http://127.0.0.1:1/", signal)))).toMatchObject({ code: "network" });
});

test("the error of a custom fetch is not passed on, because it may contain secrets", async () => {
  const thrown = Object.assign(new Error("vault: SuperSecret4711"), { code: "EVAULT", name: "SuperSecret4711" });
  const broken = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(thrown) });
  const sent = request("https://acme.test/");
  const failures = [
    fetchTransport(() => Promise.reject(thrown))(sent),
    fetchTransport(() => Promise.reject(new TypeError("fetch failed", { cause: thrown })))(sent),
    fetchTransport(async () => new Response(broken()))(sent).then((response) => response.text()),
    fetchTransport(async () => new Response(broken()))(sent).then(async (response) => {
      for await (const _ of response.body ?? []);
    }),
  ];
  for (const failure of failures) {
    const error = networkError(await failure.catch((reason) => reason), sent.signal, FACTS);
    expect(error).toMatchObject({ code: "network", message: "Acme could not be reached (EVAULT)" });
    expect(inspect(error, { depth: 9 })).not.toContain("SuperSecret4711");
  }
});

test("an abort before the head closes the socket and rejects with the signal's reason", async () => {
  const closed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const url = await serve((req) => {
    req.socket.once("close", () => closed.resolve());
    arrived.resolve();
  });
  const controller = new AbortController();
  const pending = fetchTransport()(request(url, controller.signal));
  pending.catch(() => {});
  await arrived.promise;
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await closed.promise;
});

test("an abort during the body closes the socket and rejects with the signal's reason; canceling the body closes it, too", async () => {
  const closed: Promise<void>[] = [];
  const url = await serve((req, res) => {
    closed.push(new Promise((resolve) => req.socket.once("close", () => resolve())));
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write("data: 1\n\n");
  });
  const controller = new AbortController();
  const first = await fetchTransport()(request(url, controller.signal));
  const reason = new Error("enough");
  const reading = (async () => {
    for await (const _ of readEvents(bodyOf(first))) controller.abort(reason);
  })();
  await expect(reading).rejects.toBe(reason);

  const second = await fetchTransport()(request(url));
  for await (const _ of readEvents(bodyOf(second))) break;
  expect(closed).toHaveLength(2);
  await Promise.all(closed);
});

test("a connection is reused after the last event of a stream, and after a complete body", async () => {
  const sockets = new Set<unknown>();
  const url = await serve((req, res) => {
    sockets.add(req.socket);
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write("data: 1\n\n");
    res.write("data: [DONE]\n\n");
    res.end();
  });
  for (let round = 0; round < 5; round++) {
    const response = await fetchTransport()(request(url));
    reading: for await (const events of readEvents(bodyOf(response), ({ data }) => data === "[DONE]")) {
      for (const { data } of events) if (data === "[DONE]") break reading;
    }
    await (await fetchTransport()(request(url))).text();
  }
  // The next request may start before the end of the last body has arrived: then there are two connections.
  expect(sockets.size).toBeLessThan(3);
});
