import { once } from "node:events";
import { createServer } from "node:net";
import { systemClock } from "@babylon/llm-core";
import { startProviderSimulator } from "@babylon/llm-testing";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../../../transport-node/test-support/start-proxy.ts";
import { checkClock, judgeClock } from "./check-clock.ts";
import { checkNode } from "./check-node.ts";
import { checkProxies, findProxies } from "./check-proxy.ts";

const going = new AbortController().signal;

test.each([
  ["22.18.0", "bad"],
  ["20.20.1", "bad"],
  ["22.19.0", "good"],
  ["24.0.0", "good"],
])("Node %s is %s", (version, verdict) => {
  expect(checkNode(version)).toMatchObject({
    verdict,
    fix: verdict === "bad" ? expect.stringContaining("22.19") : null,
  });
});

describe("clock", () => {
  test.each([
    [0, "good", /agrees/],
    [-4_900, "good", /agrees/],
    [61_000, "bad", /1 min 1 s ahead of/],
    [-61_000, "bad", /1 min 1 s behind/],
  ])("%d ms off is %s", (offsetMs, verdict, message) => {
    expect(judgeClock(offsetMs)).toMatchObject({ verdict, message: expect.stringMatching(message) });
  });

  test("is compared with the date of a reply, also of an error", async () => {
    await using simulator = await startProviderSimulator();
    const check = { env: simulator.env, clock: systemClock, timeoutMs: 10_000, abortSignal: going };
    expect(await checkClock(check)).toMatchObject({ verdict: "good" });
    expect(simulator.requests.map(({ method }) => method)).toEqual(["GET"]);
    const late = { ...systemClock, now: () => Date.now() - 3_600_000 };
    const env = { ...simulator.env, WANDB_API_KEY: "wrong-key-0000" };
    expect(await checkClock({ ...check, env, clock: late })).toMatchObject({
      verdict: "bad",
      message: "is 60 min 0 s behind the provider's",
    });
  });

  test("is compared through a proxy of the environment", async () => {
    await using simulator = await startProviderSimulator();
    await using proxy = await startProxy();
    const env = { ...simulator.env, HTTP_PROXY: proxy.url };
    const check = { env, clock: systemClock, timeoutMs: 10_000, abortSignal: going };
    expect(await checkClock(check)).toMatchObject({ verdict: "good" });
    expect(proxy.authorities).toEqual([new URL(simulator.url).host]);
  });

  test("is skipped without a key, and for an unreachable provider", async () => {
    const check = { clock: systemClock, timeoutMs: 10_000, abortSignal: going };
    expect(await checkClock({ ...check, env: {} })).toMatchObject({ verdict: "skipped" });
    const env = { GROQ_API_KEY: "some-key-0000", GROQ_BASE_URL: `http://127.0.0.1:${await unusedPort()}` };
    expect(await checkClock({ ...check, env })).toMatchObject({
      verdict: "skipped",
      message: expect.stringMatching(/^Groq/),
    });
  });
});

describe("proxy", () => {
  test.each([
    [{}, []],
    [{ HTTPS_PROXY: "http://me:secret@proxy.example:3128" }, [["HTTPS_PROXY", "proxy.example", 3128]]],
    [{ https_proxy: "proxy.example:8080" }, [["https_proxy", "proxy.example", 8080]]],
    [{ HTTP_PROXY: "https://proxy.example" }, [["HTTP_PROXY", "proxy.example", 443]]],
    [{ HTTP_PROXY: "http://[::1]" }, [["HTTP_PROXY", "::1", 80]]],
    [{ HTTPS_PROXY: "http://a", https_proxy: "http://b" }, [["https_proxy", "b", 80]]],
    [{ HTTPS_PROXY: "http://a", HTTP_PROXY: "http://a" }, [["HTTPS_PROXY", "a", 80]]],
    [{ HTTPS_PROXY: "socks5://a" }, [["HTTPS_PROXY", undefined, undefined]]],
    [{ ALL_PROXY: "socks5://a" }, []],
    [{ HTTPS_PROXY: "ftp://a" }, [["HTTPS_PROXY", undefined, undefined]]],
  ])("%j", (env, expected) => {
    expect(findProxies(env).map(({ variable, address }) => [variable, address?.host, address?.port])).toEqual(expected);
  });

  test("a listening proxy is good, a closed port is bad, and passwords are not printed", async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const env = {
      HTTPS_PROXY: `http://me:secret@127.0.0.1:${address.port}`,
      HTTP_PROXY: `http://me:secret@127.0.0.1:${await unusedPort()}`,
    };
    const findings = await checkProxies(env, 10_000, going);
    server.close();
    expect(findings).toMatchObject([
      { about: "HTTPS_PROXY", verdict: "good" },
      { about: "HTTP_PROXY", verdict: "bad", message: expect.stringContaining("ECONNREFUSED") },
    ]);
    expect(JSON.stringify(findings)).not.toContain("secret");
  });

  test("is skipped if none is set", async () => {
    expect(await checkProxies({}, 1_000, going)).toMatchObject([{ about: "proxy", verdict: "skipped" }]);
  });
});

/** A closed port: one that was just released. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
