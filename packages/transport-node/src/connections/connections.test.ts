import type { Socket } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test-support/start-test-server.ts";
import { dispatchRequest } from "../dispatch-request.ts";
import { createConnections, isClosedByServer } from "./connections.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Pool } from "./pool.ts";
import { type PoolSource, poolSourceOf } from "./pool-source.ts";

/** Node's built-in dispatcher, which exists after the first access to `Response`. */
const platformOf = (_: typeof Response): Dispatcher => Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
const source = poolSourceOf(platformOf(globalThis.Response));

async function get(pool: Pool, origin: string, path = "/"): Promise<string> {
  const { signal } = new AbortController();
  const request = { method: "GET", url: origin + path, headers: {}, body: null, signal } as const;
  return (
    await dispatchRequest({ pool, source, connections: { renew() {} } }, { url: origin + path, origin, path }, request)
  ).text();
}

/** A server that returns for each request the number of its connection; `/hold` is answered when `release` is called. */
async function serveCounting(): Promise<TestServer & { readonly sockets: Socket[]; readonly release: () => void }> {
  const sockets: Socket[] = [];
  const held = Promise.withResolvers<void>();
  const served = await startTestServer(async (req, res) => {
    await readAll(req);
    if (!sockets.includes(req.socket)) sockets.push(req.socket);
    if (req.url === "/hold") await held.promise;
    res.end(String(sockets.indexOf(req.socket)));
  });
  return { ...served, sockets, release: () => held.resolve() };
}

test("are those of the platform until the server closes one", () => {
  const connections = createConnections();
  expect(connections.of("http://a.test", source)).toBe(source.pool);
});

test("are new ones afterwards, for that origin only", async () => {
  await using served = await serveCounting();
  const connections = createConnections();
  const before = connections.of(served.url, source);
  expect(await get(before, served.url)).toBe("0");
  connections.renew(served.url, source, before);
  const after = connections.of(served.url, source);
  expect(after).not.toBe(before);
  expect(await get(after, served.url)).toBe("1");
  expect(connections.of("http://other.test", source)).toBe(source.pool);
});

test("are renewed once when many requests fail at once", () => {
  const connections = createConnections();
  const used = connections.of("http://a.test", source);
  connections.renew("http://a.test", source, used);
  const renewed = connections.of("http://a.test", source);
  connections.renew("http://a.test", source, used);
  connections.renew("http://a.test", source, used);
  expect(connections.of("http://a.test", source)).toBe(renewed);
  connections.renew("http://a.test", source, renewed);
  expect(connections.of("http://a.test", source)).not.toBe(renewed);
});

test("stay in use for a request in flight", async () => {
  await using served = await serveCounting();
  const connections = createConnections();
  connections.renew(served.url, source, connections.of(served.url, source));
  const used = connections.of(served.url, source);
  const held = get(used, served.url, "/hold");
  connections.renew(served.url, source, used);
  expect(await get(connections.of(served.url, source), served.url)).not.toBe("");
  served.release();
  expect(await held).toMatch(/^\d$/);
  // Then they are closed.
  await expect(get(used, served.url)).rejects.toMatchObject({ code: expect.stringMatching(/CLOSED|DESTROYED/) });
});

test("are not shared between sources", () => {
  const connections = createConnections();
  const other: PoolSource = { ...source, pool: source.fresh() };
  connections.renew("http://a.test", source, source.pool);
  expect(connections.of("http://a.test", other)).toBe(other.pool);
  connections.renew("http://a.test", other, other.pool);
  expect(connections.of("http://a.test", other)).not.toBe(other.pool);
  expect(connections.of("http://a.test", source)).toBe(source.pool);
});

test("are renewed for a limited number of origins; the oldest returns to the platform's", () => {
  const connections = createConnections();
  const origins = Array.from({ length: 101 }, (_, index) => `http://host-${index}.test`);
  for (const origin of origins) connections.renew(origin, source, source.pool);
  const own = origins.filter((origin) => connections.of(origin, source) === source.pool);
  expect(own).toEqual(["http://host-0.test"]);
});

test("a connection that the server resets, closes or refuses: which errors count as closed by the server", async () => {
  await using served = await startTestServer((req) => {
    if (req.url === "/reset") req.socket.resetAndDestroy();
    else req.socket.destroy();
  });
  const thrown = (path: string, origin = served.url): Promise<unknown> =>
    get(source.pool, origin, path).then(
      () => null,
      (error: unknown) => error,
    );
  expect(isClosedByServer(await thrown("/reset"))).toBe(true);
  expect(isClosedByServer(await thrown("/close"))).toBe(true);
  expect(isClosedByServer(await thrown("/", "http://127.0.0.1:1"))).toBe(false);
  expect([new Error("x"), "ECONNRESET", null, { code: "ECONNRESET" }].map(isClosedByServer)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
