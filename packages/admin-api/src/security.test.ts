import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LLMError } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { authorizeBearer } from "./authorize-bearer.ts";
import { createAdminHandler } from "./create-admin-handler.ts";
import { KEYS, startAdmin, TOKEN } from "./test-support/start-admin.ts";

const URL_BASE = "http://admin.test/api/admin/ai-models";
const JSON_TYPE = { "content-type": "application/json" };
const request = (method: string, headers: Record<string, string> = {}, body?: BodyInit, url = URL_BASE) =>
  new Request(url, { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers }, ...(body ? { body } : {}) });

describe("authorize", () => {
  test("is required", () => {
    const { llm, settings } = startAdmin();
    // @ts-expect-error: authorize is missing
    expect(() => createAdminHandler({ llm, settings })).toThrow("authorize is required");
  });

  test("runs before everything else, and its response is returned", async () => {
    const seen: string[] = [];
    const { handler } = startAdmin({
      authorize(each) {
        seen.push(each.method);
        return new Response("closed", { status: 418 });
      },
    });
    for (const each of [request("GET"), request("DELETE"), request("PUT", {}, "not json")]) {
      expect((await handler(each)).status).toBe(418);
    }
    expect(seen).toEqual(["GET", "DELETE", "PUT"]);
  });

  test.each([
    ["throws", () => Promise.reject(new Error(`broken ${KEYS.WANDB_API_KEY}`)), 500],
    ["returns an empty actor", () => ({ actor: "" }), 401],
    ["returns nothing", () => JSON.parse("null"), 401],
  ])("one that %s rejects every request", async (_, authorize, status) => {
    const { send } = startAdmin({ authorize });
    expect((await send(request("GET"))).status).toBe(status);
  });

  test.each([
    ["no header", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["a longer token", { authorization: `Bearer ${TOKEN}x` }],
    ["the token without its scheme", { authorization: TOKEN }],
    ["no token", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${TOKEN}` }],
    ["a forged Host", { authorization: "", host: "localhost" }],
    ["a forged forwarding", { authorization: "", "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" }],
  ])("%s is a 401", async (_, headers) => {
    const { send } = startAdmin();
    const reply = await send(new Request(URL_BASE, { headers }));
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text)).toEqual({
      success: false,
      error: "a valid token is required",
      code: "unauthorized",
    });
    expect(reply.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("each token has its own name in the history", async () => {
    const { data, send, settings } = startAdmin();
    await data("PUT", "", { wandbModel: "a" });
    const ben = { ...JSON_TYPE, authorization: `bearer ${TOKEN}-ben` };
    await send(request("PUT", ben, '{"wandbModel":"b"}'));
    expect((await settings.history()).map(({ by }) => by)).toEqual(["ben", "ana"]);
  });

  test.each([[""], ["short"], [{}], [{ ana: "" }]])("%j is rejected as a token", (tokens) => {
    expect(() => authorizeBearer(tokens)).toThrow(TypeError);
  });

  test("10,000 wrong tokens are rejected without retaining memory, and the right one still works", async () => {
    const { handler } = startAdmin();
    setFlagsFromString("--expose-gc");
    const collectGarbage: unknown = runInNewContext("gc");
    if (typeof collectGarbage !== "function") throw new Error("no way to collect garbage");
    const batch = async (from: number) => {
      for (let at = from; at < from + 2_500; at += 1) {
        const wrong = await handler(request("GET", { authorization: `Bearer ${at}-${"x".repeat(200)}` }));
        if (wrong.status !== 401) throw new Error(`token ${at} got ${wrong.status}`);
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const first = await batch(0);
    await batch(2_500);
    await batch(5_000);
    const last = await batch(7_500);
    // 200 retained bytes for each would be 1.5 MB and more.
    expect(last - first).toBeLessThan(1_000_000);
    expect((await handler(request("GET"))).status).toBe(200);
  }, 30_000);
});

describe("writes from other sites", () => {
  const put = (headers: Record<string, string>) => request("PUT", { ...JSON_TYPE, ...headers }, '{"wandbModel":"m"}');
  const own = { allowedOrigins: ["https://admin.example.com"] };
  test.each([
    ["another origin", {}, { origin: "https://evil.test" }, 403],
    ["no origin of a page", {}, { origin: "null" }, 403],
    ["its own origin", {}, { origin: "http://admin.test" }, 200],
    ["sec-fetch-site: cross-site", {}, { "sec-fetch-site": "cross-site", origin: "http://admin.test" }, 403],
    ["sec-fetch-site: same-site", {}, { "sec-fetch-site": "same-site" }, 403],
    [
      "sec-fetch-site: same-origin, behind a proxy",
      {},
      { "sec-fetch-site": "same-origin", origin: "https://outer.test" },
      200,
    ],
    ["sec-fetch-site: none", {}, { "sec-fetch-site": "none" }, 200],
    ["no browser", {}, {}, 200],
    ["an allowed origin", own, { origin: "https://admin.example.com", "sec-fetch-site": "same-origin" }, 200],
    ["another host name of the server", own, { origin: "http://admin.test", "sec-fetch-site": "same-origin" }, 403],
  ])("%s", async (_, options, headers, status) => {
    expect((await startAdmin(options).send(put(headers))).status).toBe(status);
  });

  test.each([
    ["application/x-www-form-urlencoded", "wandbModel=m"],
    ["multipart/form-data; boundary=x", "--x--"],
    ["text/plain", '{"wandbModel":"m"}'],
    ["application/jsonp", '{"wandbModel":"m"}'],
  ])("a form's %s is not JSON", async (type, body) => {
    const { send, settings } = startAdmin();
    expect((await send(request("PUT", { "content-type": type }, body))).status).toBe(415);
    expect((await send(request("POST", { "content-type": type }, body, `${URL_BASE}/test`))).status).toBe(415);
    expect((await send(request("POST", { "content-type": type }, body, `${URL_BASE}/rollback`))).status).toBe(415);
    expect(settings.peek().version).toBe(0);
  });

  test("a body without a content type is not JSON", async () => {
    const bytes = new TextEncoder().encode('{"provider":"wandb"}');
    expect((await startAdmin().send(request("POST", {}, bytes, `${URL_BASE}/test`))).status).toBe(415);
  });
});

describe("bodies", () => {
  test("over 64 KiB are rejected, whatever their content-length", async () => {
    const { send } = startAdmin();
    const large = JSON.stringify({ wandbModel: "x".repeat(64 * 1024) });
    expect((await send(request("PUT", JSON_TYPE, large))).status).toBe(413);
    expect((await send(request("PUT", { ...JSON_TYPE, "content-length": "99999999" }, "{}"))).status).toBe(413);
  });

  test("without an end are canceled as soon as they are too large", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(16 * 1024).fill(32));
      },
    });
    const init = {
      method: "PUT",
      headers: { authorization: `Bearer ${TOKEN}`, ...JSON_TYPE },
      body: endless,
      duplex: "half",
    };
    expect((await startAdmin().send(new Request(URL_BASE, init))).status).toBe(413);
    expect(sent).toBeLessThan(10);
  });

  test.each([
    ["not JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["empty", "{}"],
    ["an unknown field", '{"wandbModel":"m","isAdmin":true}'],
    ["a prototype key", '{"patch":{"__proto__":{"order":["groq"]}}}'],
    ["a prototype key in a table", '{"patch":{"agents":{"__proto__":{"provider":"groq"}}}}'],
    ["a constructor", '{"patch":{"providers":{"constructor":{"enabled":true}}}}'],
    ["nested too deep", `{"patch":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["an empty model", '{"wandbModel":""}'],
    ["a header in a model", '{"wandbModel":"m\\r\\nSet-Cookie: a=b"}'],
    ["a control character in a model", '{"patch":{"providers":{"groq":{"model":"m\\u0000"}}}}'],
    ["a control character in an agent", '{"patch":{"agents":{"a\\nb":{"provider":"groq"}}}}'],
    ["an agent with a bidirectional control character", '{"patch":{"agents":{"a\\u202eb":{"provider":"groq"}}}}'],
    ["a zero-width character in a model", '{"patch":{"providers":{"groq":{"model":"m\\u200b1"}}}}'],
    ["a line separator in a reason", '{"patch":{},"reason":"a\\u2028b"}'],
    ["a reason with a bidirectional control character", '{"patch":{},"reason":"a\\u202eb"}'],
    ["a malformed provider", '{"patch":{"providers":{"Groq!":{"enabled":true}}}}'],
    ["an order with a duplicate", '{"patch":{"order":["groq","groq"]}}'],
    ["a list as the patch", '{"patch":[]}'],
    ["a list in place of an object", '{"patch":{"providers":[],"agents":[]}}'],
    ["a list as the settings of one provider", '{"patch":{"providers":{"groq":[]}}}'],
    ["settings with a list in place of an object", '{"settings":{"providers":[]},"expectedVersion":0}'],
    ["a negative version", '{"patch":{},"expectedVersion":-1}'],
  ])("%s is a 400 with the path", async (_, body) => {
    const { send, settings } = startAdmin();
    const { status, text } = await send(request("PUT", JSON_TYPE, body));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ success: false, code: "invalid_body", issues: expect.any(Array) });
    expect(settings.peek().version).toBe(0);
    expect(Object.hasOwn(Object.prototype, "order")).toBe(false);
  });
});

test.each([
  ["DELETE", "", 405],
  ["POST", "", 405],
  ["GET", "/test", 405],
  ["PUT", "/history", 405],
  ["GET", "/nothing", 404],
  ["GET", "/../../secret", 404],
  ["GET", "/toString", 404],
])("%s %s is a %i with a JSON body", async (method, below, status) => {
  const { send } = startAdmin();
  const reply = await send(request(method, {}, undefined, URL_BASE + below));
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.text).success).toBe(false);
  expect(reply.headers.get("cache-control")).toBe("no-store");
});

test("an unknown error is a 500 without details, with an id that is also logged", async () => {
  const { call, settings, logged } = startAdmin();
  settings.fail = new Error(`password of redis://u:${KEYS.GROQ_API_KEY}@host`);
  const { status, reply } = await call("GET");
  expect(status).toBe(500);
  expect(reply).toMatchObject({ code: "internal", error: expect.not.stringContaining("password") });
  const id = reply.success ? undefined : reply.id;
  expect(logged.at(-1)).toMatchObject({ message: "an admin request failed", fields: { id } });
  expect(JSON.stringify(logged)).not.toContain(KEYS.GROQ_API_KEY);
});

test("a provider's message about a key is not passed on", async () => {
  const error = new LLMError({
    code: "auth",
    message: `Incorrect API key provided: ${KEYS.WANDB_API_KEY}. Authorization: Bearer ${KEYS.WANDB_API_KEY}`,
    provider: "wandb",
    status: 401,
    body: { key: KEYS.WANDB_API_KEY },
  });
  const { call, llm } = startAdmin({ steps: { wandb: [{ error }] } });
  await call("POST", "/test", { provider: "wandb" });
  await llm.generateText({ prompt: "Hello." });
  const { status } = await call("GET");
  expect(status).toBe(200);
});
