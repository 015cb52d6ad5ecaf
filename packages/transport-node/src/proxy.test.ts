import { once } from "node:events";
import type { RequestListener } from "node:http";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Env } from "@babylon/llm-core";
import { networkError } from "@babylon/provider-kit";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { selfSigned } from "../test-support/self-signed.ts";
import { neverAnswer, type ProxyBehavior, type StartedProxy, startProxy } from "../test-support/start-proxy.ts";
import { startTestServer } from "../test-support/start-test-server.ts";
import { nodeTransport } from "./node-transport.ts";

const FACTS = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };

const tls = selfSigned();
const trusted = getCACertificates("default");
beforeAll(() => setDefaultCACertificates([...trusted, tls.cert]));
afterAll(() => setDefaultCACertificates(trusted));

/** A transport, and a function that returns its response from a URL. */
function client(env: Env): (url: string, signal?: AbortSignal) => Promise<string> {
  const send = nodeTransport();
  return async (url, signal = new AbortController().signal) => {
    const response = await send({ method: "POST", url, headers: {}, body: "{}", signal, env });
    return response.text();
  };
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (thrown: unknown) => networkError(thrown, new AbortController().signal, FACTS),
  );

const answer: RequestListener = (_, res) => res.end("answer");
const portOf = (url: string): string => new URL(url).port;
const withUser = (url: string, user: string): string => url.replace("://", `://${user}@`);

/** Waits until every connection to the proxy has ended, long before the connect timeout. */
async function closed({ sockets }: StartedProxy): Promise<void> {
  const signal = AbortSignal.timeout(4_000);
  for (const socket of sockets) if (!socket.closed) await once(socket, "close", { signal });
}

const refuse =
  (head: string): ProxyBehavior =>
  (socket) =>
    socket.end(head);

describe.each([
  ["http", "http", undefined, undefined],
  ["http", "https", undefined, tls],
  ["https", "http", tls, undefined],
  ["https", "https", tls, tls],
] as const)("an %s proxy before an %s target", (_, scheme, ofProxy, ofTarget) => {
  test("opens a tunnel, which following requests reuse", async () => {
    const seen: unknown[] = [];
    await using target = await startTestServer((req, res) => {
      seen.push(req.headers);
      res.end("answer");
    }, ofTarget);
    await using proxy = await startProxy(undefined, ofProxy);
    const get = client({ [`${scheme.toUpperCase()}_PROXY`]: withUser(proxy.url, "me:p%40ss") });
    for (let call = 0; call < 8; call += 1) expect(await get(`${target.url}/v1`)).toBe("answer");
    const { host } = new URL(target.url);
    // At the end of a reply its connection may not be free yet, so two may be used alternately.
    expect(new Set(proxy.authorities)).toEqual(new Set([host]));
    expect(proxy.authorities.length).toBeLessThan(3);
    expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${btoa("me:p@ss")}`]));
    // No header of the proxy reaches the target.
    expect(seen).toEqual(Array(8).fill({ host, connection: "keep-alive", "content-length": "2" }));
  });
});

test("an IPv6 address is sent to the proxy in brackets", async () => {
  await using target = await startTestServer(answer);
  await using proxy = await startProxy();
  const port = portOf(target.url);
  expect(await client({ http_proxy: proxy.url })(`http://[::1]:${port}`)).toBe("answer");
  expect(proxy.authorities).toEqual([`[::1]:${port}`]);
});

test("concurrent requests open one tunnel each, and a long reply is complete", async () => {
  const long = "x".repeat(4 * 1024 * 1024);
  await using target = await startTestServer((_, res) => res.end(long), tls);
  await using proxy = await startProxy();
  const get = client({ HTTPS_PROXY: proxy.url });
  const replies = await Promise.all([get(target.url), get(target.url), get(target.url)]);
  expect(replies.map((reply) => reply === long)).toEqual([true, true, true]);
  expect(proxy.authorities).toHaveLength(3);
});

test("NO_PROXY, and an environment without a proxy, bypass the proxy", async () => {
  await using target = await startTestServer(answer);
  await using proxy = await startProxy();
  const env: Record<string, string> = { HTTP_PROXY: proxy.url, NO_PROXY: `127.0.0.1:${portOf(target.url)}` };
  const get = client(env);
  expect(await get(target.url)).toBe("answer");
  expect(await client({})(target.url)).toBe("answer");
  expect(proxy.authorities).toEqual([]);
  // The environment is read at each request.
  env.NO_PROXY = "elsewhere.test";
  expect(await get(target.url)).toBe("answer");
  expect(proxy.authorities).toHaveLength(1);
});

describe("a failure of a proxy is a network error with its name and without its password", () => {
  const SECRET = "me:swordfish";

  test.each<[string, ProxyBehavior, RegExp]>([
    [
      "wants other credentials",
      refuse("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2\r\n\r\nno"),
      /^Acme could not be reached: the proxy at [\w.]+:\d+ refused to connect with status 407: the user or password in HTTPS_PROXY is missing or wrong \(PROXY_REFUSED\)$/,
    ],
    [
      "cannot reach the target",
      refuse("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
      /: the proxy at [\w.]+:\d+ refused to connect with status 502 \(PROXY_REFUSED\)$/,
    ],
    [
      "resets",
      (socket) => void socket.resetAndDestroy(),
      /: the proxy at [\w.]+:\d+ cannot be reached \(ECONNRESET\) \(PROXY_UNREACHABLE\)$/,
    ],
    [
      "speaks something else",
      refuse("220 mail.test ESMTP\r\n"),
      /: the proxy at [\w.]+:\d+ cannot be reached \(HPE_INVALID_CONSTANT\) \(PROXY_UNREACHABLE\)$/,
    ],
  ])("%s", async (_, connecting, message) => {
    await using proxy = await startProxy(connecting);
    const error = await failureOf(client({ HTTPS_PROXY: withUser(proxy.url, SECRET) })("https://api.acme.test"));
    expect(error).toMatchObject({ code: "network", retryable: true, fallback: true });
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(JSON.stringify(error)).not.toContain("swordfish");
    await closed(proxy);
  });

  test.each([
    [
      "is not there",
      "http://me:swordfish@127.0.0.1:1",
      "the proxy at 127.0.0.1:1 cannot be reached (ECONNREFUSED) (PROXY_UNREACHABLE)",
    ],
    [
      "is no proxy",
      "socks5://me:swordfish@127.0.0.1:1",
      "HTTPS_PROXY is not an http:// or https:// URL of a proxy (PROXY_INVALID)",
    ],
  ])("%s", async (_, url, message) => {
    const error = await failureOf(client({ HTTPS_PROXY: url })("https://api.acme.test"));
    expect(error).toMatchObject({ code: "network", message: `Acme could not be reached: ${message}` });
    expect(JSON.stringify(error)).not.toContain("swordfish");
  });

  test("does not support TLS", async () => {
    await using proxy = await startProxy();
    const error = await failureOf(
      client({ HTTPS_PROXY: proxy.url.replace("http:", "https:") })("https://api.acme.test"),
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(/the proxy at .* cannot be reached \(.*\) \(PROXY_UNREACHABLE\)$/),
    });
  });

  describe("is silent", () => {
    afterEach(() => void vi.useRealTimers());

    test("until the connect timeout", async () => {
      await using proxy = await startProxy(neverAnswer);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const failure = failureOf(client({ HTTPS_PROXY: proxy.url })("https://api.acme.test"));
      await vi.waitUntil(() => proxy.authorities.length > 0);
      vi.advanceTimersByTime(10_000);
      expect(await failure).toMatchObject({
        message: expect.stringMatching(/: the proxy at .* gave no connection in 10 s \(PROXY_TIMEOUT\)$/),
      });
      await closed(proxy);
    });
  });
});

test("an untrusted certificate of the server is not reported as a failure of the proxy", async () => {
  const other = selfSigned();
  await using target = await startTestServer(answer, other);
  await using proxy = await startProxy();
  expect(await failureOf(client({ HTTPS_PROXY: proxy.url })(target.url))).toMatchObject({
    message: "Acme could not be reached over TLS (DEPTH_ZERO_SELF_SIGNED_CERT)",
  });
});

test("a certificate for another host is rejected through a tunnel, too", async () => {
  await using target = await startTestServer(answer, tls);
  await using proxy = await startProxy();
  const url = target.url.replace("localhost", "api.acme.test");
  expect(await failureOf(client({ HTTPS_PROXY: proxy.url })(url))).toMatchObject({
    message: "Acme could not be reached over TLS (ERR_TLS_CERT_ALTNAME_INVALID)",
  });
});

describe("an abort closes the connection in progress", () => {
  const reason = new Error("enough");

  test("during the CONNECT request", async () => {
    await using proxy = await startProxy(neverAnswer);
    const controller = new AbortController();
    const pending = client({ HTTPS_PROXY: proxy.url })("https://api.acme.test", controller.signal);
    pending.catch(() => {});
    await vi.waitUntil(() => proxy.authorities.length > 0);
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await closed(proxy);
  });

  test("during the TLS handshake", async () => {
    const connected = Promise.withResolvers<void>();
    // The proxy acts as the target and does not respond.
    await using proxy = await startProxy((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.once("data", () => connected.resolve());
      neverAnswer(socket, () => {});
    });
    const controller = new AbortController();
    const pending = client({ HTTPS_PROXY: proxy.url })("https://api.acme.test", controller.signal);
    pending.catch(() => {});
    await connected.promise;
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await closed(proxy);
  });

  test("but not while another request to the same origin is pending", async () => {
    await using target = await startTestServer(answer);
    const waiting: (() => void)[] = [];
    await using proxy = await startProxy((_, connectNow) => void waiting.push(connectNow));
    const get = client({ HTTP_PROXY: proxy.url });
    const controller = new AbortController();
    const left = get(target.url, controller.signal);
    left.catch(() => {});
    const stays = get(target.url);
    await vi.waitUntil(() => waiting.length === 2);
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    for (const connectNow of waiting) connectNow();
    expect(await stays).toBe("answer");
  });

  test("and following requests open a new one", async () => {
    await using target = await startTestServer(answer);
    let isSilent = true;
    await using proxy = await startProxy((socket, connectNow) => {
      if (isSilent) neverAnswer(socket, connectNow);
      else connectNow();
    });
    const get = client({ HTTP_PROXY: proxy.url });
    const controller = new AbortController();
    const left = get(target.url, controller.signal);
    left.catch(() => {});
    await vi.waitUntil(() => proxy.authorities.length === 1);
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    isSilent = false;
    expect(await get(target.url)).toBe("answer");
  });
});

test("when an idle tunnel turns out to be broken, the next request opens a new one", async () => {
  let isBreaking = false;
  await using target = await startTestServer((req, res) => {
    if (isBreaking) return void req.socket.resetAndDestroy();
    res.end("answer");
  });
  await using proxy = await startProxy();
  const get = client({ HTTP_PROXY: proxy.url });
  expect(await get(target.url)).toBe("answer");
  isBreaking = true;
  expect(await failureOf(get(target.url))).toMatchObject({
    code: "network",
    message: expect.stringMatching(/^Acme closed the connection/),
  });
  isBreaking = false;
  const before = proxy.authorities.length;
  expect(await get(target.url)).toBe("answer");
  expect(proxy.authorities).toHaveLength(before + 1);
});

test("a custom fetch or dispatcher chooses its own route", async () => {
  await using target = await startTestServer(answer);
  await using proxy = await startProxy();
  const get = client({ HTTP_PROXY: proxy.url });
  const slot = Symbol.for("undici.globalDispatcher.1");
  const platform = { fetch: globalThis.fetch, dispatcher: Reflect.get(globalThis, slot) };
  try {
    globalThis.fetch = async () => new Response("replaced");
    expect(await get(target.url)).toBe("replaced");
    globalThis.fetch = platform.fetch;
    Reflect.set(globalThis, slot, { dispatch: (...args: unknown[]) => platform.dispatcher.dispatch(...args) });
    expect(await get(target.url)).toBe("answer");
  } finally {
    globalThis.fetch = platform.fetch;
    Reflect.set(globalThis, slot, platform.dispatcher);
  }
  expect(proxy.authorities).toEqual([]);
});
