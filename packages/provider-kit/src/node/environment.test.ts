import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as forward } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { selfSigned } from "../../test/self-signed.ts";
import { type Served, serve } from "../../test/serve.ts";

const here = JSON.stringify(new URL("./index.ts", import.meta.url).href);

/** What a process of its own gets from a URL, which also has to end by itself. */
async function getIn(env: Readonly<Record<string, string>>, url: string): Promise<string> {
  const code = `
    const loaded = () => globalThis[Symbol.for("undici.globalDispatcher.1")];
    const before = loaded();
    const { nodeTransport } = await import(${here});
    if (loaded() !== before) throw new Error("the import loaded undici");
    const { signal } = new AbortController();
    const response = await nodeTransport()({ method: "GET", url: ${JSON.stringify(url)}, headers: {}, body: null, signal });
    process.stdout.write(await response.text());
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    env: { PATH: process.env.PATH, ...env },
    timeout: 15_000,
  });
  return stdout;
}

/** A proxy that says what it was asked for. */
async function startProxy(asked: string[]): Promise<Served> {
  const proxy = await serve((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    forward(req.url ?? "", (answer) => answer.pipe(res)).end();
  });
  proxy.server.on("connect", (req, socket, head) => {
    asked.push(`CONNECT ${req.url}`);
    const [host, port] = (req.url ?? "").split(":");
    const target = connect(Number(port), host === "localhost" ? "127.0.0.1" : host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
  });
  return proxy;
}

test("the process ends by itself after a request, and the import alone loads nothing", async () => {
  await using served = await serve((_, res) => res.end("answer"));
  expect(await getIn({}, served.url)).toBe("answer");
});

test("NODE_EXTRA_CA_CERTS makes a certificate of one's own trusted", async () => {
  const tls = selfSigned();
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  try {
    writeFileSync(join(folder, "ca.pem"), tls.cert);
    await using served = await serve((_, res) => res.end("answer over TLS"), tls);
    expect(await getIn({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") }, served.url)).toBe("answer over TLS");
    await expect(getIn({}, served.url)).rejects.toThrow("DEPTH_ZERO_SELF_SIGNED_CERT");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("with NODE_USE_ENV_PROXY requests keep to HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as with fetch", async () => {
  const asked: string[] = [];
  await using served = await serve((_, res) => res.end("answer"));
  await using proxy = await startProxy(asked);
  const env = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url };
  expect(await getIn(env, `${served.url}/v1`)).toBe("answer");
  expect(asked.splice(0)).toHaveLength(1);
  expect(await getIn({ ...env, NO_PROXY: "127.0.0.1" }, `${served.url}/v1`)).toBe("answer");
  expect(asked).toEqual([]);

  const tls = selfSigned();
  await using secure = await serve((_, res) => res.end("answer over TLS"), tls);
  const secureEnv = { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  expect(await getIn(secureEnv, secure.url)).toBe("answer over TLS");
  expect(asked).toEqual([`CONNECT ${secure.url.slice("https://".length)}`]);
});
