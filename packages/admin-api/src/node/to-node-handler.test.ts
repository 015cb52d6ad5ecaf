import { once } from "node:events";
import { createServer, type IncomingMessage, request as nodeRequest, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { toNodeHandler, type WebHandler } from "./to-node-handler.ts";

/** Serves on loopback until the test is over. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serveWeb = (handler: WebHandler) => serve(toNodeHandler(handler));

/** Sends bytes as they are, and reads to the end of the connection. */
async function sendRaw(origin: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1").setEncoding("latin1");
  socket.write(text);
  let reply = "";
  for await (const piece of socket) reply += piece;
  return reply;
}

describe("the request", () => {
  it("has the method, the URL, all headers and the body", async () => {
    const origin = await serveWeb(async (request) =>
      Response.json([request.method, request.url, request.headers.get("x-twice"), await request.text()]),
    );
    const headers = [
      ["x-twice", "1"],
      ["x-twice", "2"],
    ] satisfies [string, string][];
    const reply = await fetch(`${origin}/a%20b?c=d`, { method: "PUT", headers, body: "é".repeat(100_000) });
    expect(await reply.json()).toEqual(["PUT", `${origin}/a%20b?c=d`, "1, 2", "é".repeat(100_000)]);
  });

  it.each([
    ["a path that looks like a host", "GET //other/x HTTP/1.1\r\nHost: a.test\r\n", "http://a.test//other/x"],
    ["a whole URL", "GET http://other/x?y HTTP/1.1\r\nHost: a.test:81\r\n", "http://a.test:81/x?y"],
    ["no host", "GET /x HTTP/1.0\r\n", "http://localhost/x"],
    ["an IPv6 host", "GET /x HTTP/1.1\r\nHost: [::1]:80\r\n", "http://[::1]/x"],
    ["options of the server", "OPTIONS * HTTP/1.1\r\nHost: a.test\r\n", "http://a.test/"],
  ])("of %s", async (_, head, url) => {
    const origin = await serveWeb(({ url }) => new Response(`<${url}>`));
    expect(await sendRaw(origin, `${head}Connection: close\r\n\r\n`)).toContain(`<${url}>`);
  });

  it.each([
    ["a host with a path", "GET /x HTTP/1.1\r\nHost: a.test/admin?\r\n"],
    ["a host with a user", "GET /x HTTP/1.1\r\nHost: a@b\r\n"],
    ["a method that fetch does not support", "TRACE /x HTTP/1.1\r\nHost: a.test\r\n"],
  ])("is rejected for %s", async (_, head) => {
    const handler = vi.fn<WebHandler>();
    const origin = await serveWeb(handler);
    expect(await sendRaw(origin, `${head}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(handler).not.toHaveBeenCalled();
  });

  it.each([
    ["an object", { a: ["é"] }, '{"a":["é"]}'],
    ["a text", "abc", "abc"],
    ["bytes", Buffer.from("abc"), "abc"],
    ["nothing", undefined, ""],
  ])(
    "has the body that a parser has already read as %s, and the original path before the router",
    async (_, body, text) => {
      const handle = toNodeHandler(async (request) => new Response(`${request.url} ${await request.text()}`));
      const origin = await serve(async (incoming, outgoing) => {
        for await (const _chunk of incoming);
        await handle(Object.assign(incoming, { body, originalUrl: `/mounted${incoming.url}` }), outgoing);
      });
      const reply = await fetch(`${origin}/x`, { method: "POST", body: "raw, and longer than what was made of it" });
      expect(await reply.text()).toBe(`${origin}/mounted/x ${text}`);
    },
  );

  it("arrives in chunks while the response is sent", async () => {
    const origin = await serveWeb(({ body }) => new Response(body));
    const sent = nodeRequest(origin, { method: "POST" });
    sent.write("one");
    const [reply]: IncomingMessage[] = await once(sent, "response");
    const pieces = reply?.setEncoding("utf8")[Symbol.asyncIterator]();
    expect((await pieces?.next())?.value).toBe("one");
    sent.end("two");
    expect((await pieces?.next())?.value).toBe("two");
    expect((await pieces?.next())?.done).toBe(true);
  });

  it("is aborted when the client disconnects, and its incomplete body fails", async () => {
    const aborted = Promise.withResolvers<string>();
    const origin = await serveWeb(async (request) => {
      request.signal.addEventListener("abort", () => aborted.resolve("aborted"));
      return new Response(await request.text().catch((error: unknown) => Promise.reject(error)));
    });
    const sent = nodeRequest(origin, { method: "POST", headers: { "content-length": "10" } });
    sent.on("error", () => {});
    sent.write("half", () => setImmediate(() => sent.destroy()));
    expect(await aborted.promise).toBe("aborted");
  });

  it("is aborted from the start if the client disconnected before the handler ran", async () => {
    const canceled = Promise.withResolvers<string>();
    const handler = toNodeHandler((request) => {
      const body = new ReadableStream({ cancel: () => canceled.resolve("canceled") });
      return new Response(request.signal.aborted ? body : null);
    });
    const origin = await serve((incoming, outgoing) => {
      // Like middleware that is slower than the client's timeout.
      outgoing.once("close", () => void setImmediate(() => void handler(incoming, outgoing)));
    });
    const sent = nodeRequest(origin);
    sent.on("error", () => {});
    sent.end(() => setTimeout(() => sent.destroy(), 20));
    expect(await canceled.promise).toBe("canceled");
  });

  it("whose body is not read does not keep its connection", async () => {
    const origin = await serveWeb(() => new Response("no", { status: 413 }));
    const body = "x".repeat(2_000_000);
    const reply = await sendRaw(
      origin,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(reply.match(/HTTP\/1\.1 413/g)).toHaveLength(2);
  });

  it("whose body is canceled while it arrives does not keep its connection", async () => {
    const origin = await serveWeb(async ({ body, method }) => {
      const reader = body?.getReader();
      await reader?.read();
      // The second piece has not been sent yet.
      const second = reader?.read();
      await reader?.cancel();
      await second;
      return new Response(method, { status: 408 });
    });
    const agent = connect(Number(new URL(origin).port), "127.0.0.1").setEncoding("latin1");
    agent.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    const [first] = await once(agent, "data");
    expect(first).toContain("408");
    agent.write("and...GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let rest = "";
    for await (const piece of agent) rest += piece;
    expect(rest).toContain("408");
  });
});

describe("the response", () => {
  it("has the status, the headers, each cookie by itself, and the body", async () => {
    const headers = new Headers({ "x-a": "b" });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    const origin = await serveWeb(() => new Response("é", { status: 418, statusText: "Teapot", headers }));
    const reply = await fetch(origin);
    expect([
      reply.status,
      reply.statusText,
      reply.headers.get("x-a"),
      reply.headers.getSetCookie(),
      await reply.text(),
    ]).toEqual([418, "Teapot", "b", ["a=1", "b=2"], "é"]);
  });

  it.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("to %s with status %i has no body", async (method, status) => {
    const cancel = vi.fn();
    const origin = await serveWeb(
      () => new Response(status === 200 ? new ReadableStream({ cancel }) : null, { status, headers: { "x-a": "b" } }),
    );
    const reply = await fetch(origin, { method });
    expect([reply.status, reply.headers.get("x-a"), await reply.text()]).toEqual([status, "b", ""]);
    expect(cancel).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
  });

  it("arrives in chunks, the head before the first one", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode(await promise));
        controller.close();
      },
    });
    const origin = await serveWeb(() => new Response(body));
    const reply = await fetch(origin);
    resolve("late");
    expect(await reply.text()).toBe("late");
  });

  it("is not read faster than the client receives it, and is canceled when the client disconnects", async () => {
    const canceled = Promise.withResolvers<void>();
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(1_000_000));
      },
      cancel: () => canceled.resolve(),
    });
    const origin = await serveWeb(() => new Response(body));
    const leaving = new AbortController();
    await fetch(origin, { signal: leaving.signal });
    await vi.waitFor(() => expect(pulls).toBeGreaterThan(1));
    leaving.abort();
    await canceled.promise;
    expect(pulls).toBeLessThan(100);
  });

  it("whose body fails is broken off, so that it does not look complete", async () => {
    const origin = await serveWeb(
      () =>
        new Response(
          new Blob(["half"]).stream().pipeThrough(
            new TransformStream<Uint8Array, Uint8Array>({
              flush: () => Promise.reject(new Error("words of the inside")),
            }),
          ),
        ),
    );
    const reply = await fetch(origin);
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
  });

  it("of a handler that throws is a 500 without details, or the error is passed to next", async () => {
    const failing: WebHandler = () => Promise.reject(new Error("words of the inside"));
    const reply = await fetch(await serveWeb(failing));
    expect([reply.status, await reply.text()]).toEqual([500, "Internal Server Error"]);
    const handle = toNodeHandler(failing);
    const origin = await serve((incoming, outgoing) =>
      handle(incoming, outgoing, (error) => outgoing.end(error instanceof Error ? error.message : "")),
    );
    expect(await (await fetch(origin)).text()).toBe("words of the inside");
  });
});
