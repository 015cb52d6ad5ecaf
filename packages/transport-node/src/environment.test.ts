import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { selfSigned } from "../test-support/self-signed.ts";
import { startProxy } from "../test-support/start-proxy.ts";
import { startTestServer } from "../test-support/start-test-server.ts";

const here = JSON.stringify(new URL("./index.ts", import.meta.url).href);

/** The reply that a separate process gets from a URL; fails when the process does not exit by itself. */
async function getIn(env: Readonly<Record<string, string>>, url: string): Promise<string> {
  const code = `
    const loaded = () => globalThis[Symbol.for("undici.globalDispatcher.1")];
    const before = loaded();
    const { nodeTransport } = await import(${here});
    if (loaded() !== before) throw new Error("the import loaded undici");
    const { signal } = new AbortController();
    const response = await nodeTransport()({ method: "GET", url: ${JSON.stringify(url)}, headers: {}, body: null, signal, env: process.env });
    process.stdout.write(await response.text());
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    env: { PATH: process.env.PATH, ...env },
    timeout: 15_000,
  });
  return stdout;
}

test("the process exits after a request, and the import has no side effects", async () => {
  await using served = await startTestServer((_, res) => res.end("answer"));
  expect(await getIn({}, served.url)).toBe("answer");
});

test("NODE_EXTRA_CA_CERTS makes a custom certificate trusted", async () => {
  const tls = selfSigned();
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  try {
    writeFileSync(join(folder, "ca.pem"), tls.cert);
    await using served = await startTestServer((_, res) => res.end("answer over TLS"), tls);
    expect(await getIn({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") }, served.url)).toBe("answer over TLS");
    await expect(getIn({}, served.url)).rejects.toThrow("DEPTH_ZERO_SELF_SIGNED_CERT");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([{ NODE_USE_ENV_PROXY: "1" }, {}])(
  "with %j requests apply HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as fetch does, and the process exits by itself",
  async (flag) => {
    await using served = await startTestServer((_, res) => res.end("answer"));
    await using proxy = await startProxy();
    const env = { ...flag, HTTP_PROXY: proxy.url };
    expect(await getIn(env, `${served.url}/v1`)).toBe("answer");
    expect(proxy.authorities.splice(0)).toEqual([new URL(served.url).host]);
    expect(await getIn({ ...env, NO_PROXY: "127.0.0.1" }, `${served.url}/v1`)).toBe("answer");
    expect(proxy.authorities).toEqual([]);

    const tls = selfSigned();
    await using secure = await startTestServer((_, res) => res.end("answer over TLS"), tls);
    const secureEnv = { ...flag, HTTPS_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    expect(await getIn(secureEnv, secure.url)).toBe("answer over TLS");
    expect(proxy.authorities.splice(0)).toEqual([new URL(secure.url).host]);
    // Without a proxy for https, the one for http is used.
    expect(await getIn({ ...secureEnv, HTTPS_PROXY: "", HTTP_PROXY: proxy.url }, secure.url)).toBe("answer over TLS");
    expect(proxy.authorities).toEqual([new URL(secure.url).host]);
  },
);

test("a process that used a TLS proxy for a TLS server exits by itself, too", async () => {
  const tls = selfSigned();
  await using proxy = await startProxy(undefined, tls);
  await using served = await startTestServer((_, res) => res.end("answer"), tls);
  const startedAt = performance.now();
  const env = { HTTPS_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  expect(await getIn(env, served.url)).toBe("answer");
  // Before the keep-alive timeout of the idle connection, which is four seconds.
  expect(performance.now() - startedAt).toBeLessThan(3_500);
});
