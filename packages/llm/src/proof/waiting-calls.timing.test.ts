import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const CALLS = 1_000;

/** Requests without an answer, by the first segment of the path. */
const waiting = new Map<string, number>();

/** Answers `/count/<name>` with the number of requests to `/<name>`, which are never answered; requests to `/ready` are. */
const server = createServer((req, res) => {
  const [, name = "", counted = ""] = (req.url ?? "").split("/");
  req.resume().once("end", () => {
    if (name === "count") res.end(String(waiting.get(counted) ?? 0));
    else if (name === "ready")
      res.end(JSON.stringify({ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] }));
    else waiting.set(name, (waiting.get(name) ?? 0) + 1);
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Heap of one waiting request in a separate process, in KB: `start` begins one to the path `/<name>`. */
async function waitingKB(name: string, start: string): Promise<number> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const code = `
    const { createBabylonLLM } = await import(${JSON.stringify(new URL("../index.ts", import.meta.url).href)});
    const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
    const settled = async (count) => {
      while (Number(await (await fetch("${url}/count/${name}")).text()) < count) await turn();
      await turn(); gc(); await turn(); gc();
      return process.memoryUsage().heapUsed;
    };
    const createStart = async (url) => { ${start} };
    const ready = await createStart("${url}/ready");
    for (let call = 0; call < 300; call += 1) await ready();
    const begin = await createStart("${url}/${name}");
    const calls = [];
    const add = (count) => { for (let call = 0; call < count; call += 1) calls.push(begin()); };
    // The first ones open what all of them share.
    add(50);
    const before = await settled(50);
    add(${CALLS});
    process.stdout.write(String((await settled(${CALLS + 50}) - before) / ${CALLS} / 1024));
    process.exit();
  `;
  const args = ["--expose-gc", "--input-type=module", "-e", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return Number(stdout);
}

const DISPATCHER = `
  void Response;
  const dispatcher = globalThis[Symbol.for("undici.globalDispatcher.1")];
  const { origin, pathname: path } = new URL(url);
  return () => new Promise((resolve, reject) => dispatcher.dispatch(
    { origin, path, method: "POST", body: "{}", headers: { "content-type": "application/json", authorization: "Bearer k" } },
    { onConnect() {}, onHeaders: () => true, onData: () => true, onComplete: resolve, onError: reject },
  ));
`;

const CLIENT = `
  const llm = await createBabylonLLM({
    env: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: url },
    settings: { order: ["openai"] },
    maxConcurrency: Infinity,
  });
  return () => llm.generateText({ prompt: "Hi", transport: "json" });
`;

test("a waiting call takes at most 8 KB of heap above that of its request in Node's HTTP client", async () => {
  const [alone, call] = [await waitingKB("alone", DISPATCHER), await waitingKB("call", CLIENT)];
  expect(alone).toBeGreaterThan(3);
  expect(call - alone).toBeLessThan(8);
});
