import { text as readAll } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startTestServer } from "../../test-support/start-test-server.ts";
import { dispatchRequest } from "../dispatch-request.ts";
import { createSocketOpener } from "../sockets/open-socket.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { type AgentClass, createPool } from "./pool.ts";

/** Node's built-in dispatcher, which exists after the first access to `Response`. */
const platformOf = (_: typeof Response): Dispatcher => Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
const Agent = platformOf(globalThis.Response).constructor as AgentClass;

test("limits the requests in flight per dispatcher, and reuses their connections", async () => {
  const release = Promise.withResolvers<void>();
  await using served = await startTestServer(async (req, res) => {
    await readAll(req);
    if (req.url === "/hold") await release.promise;
    res.end("ok");
  });
  const agents: { active: number; most: number }[] = [];
  class Counting {
    readonly #agent: InstanceType<AgentClass>;
    readonly #counts = { active: 0, most: 0 };
    constructor(options?: ConstructorParameters<AgentClass>[0]) {
      this.#agent = new Agent(options);
      agents.push(this.#counts);
    }
    dispatch: Dispatcher["dispatch"] = (options, handler) => {
      this.#counts.active += 1;
      this.#counts.most = Math.max(this.#counts.most, this.#counts.active);
      const leave = (): void => {
        this.#counts.active -= 1;
      };
      return this.#agent.dispatch(options, {
        onConnect: (abort) => handler.onConnect(abort),
        onHeaders: (status, raw, resume) => handler.onHeaders(status, raw, resume),
        onData: (piece) => handler.onData(piece),
        onComplete() {
          leave();
          handler.onComplete();
        },
        onError(error) {
          leave();
          handler.onError(error);
        },
      });
    };
    close = () => this.#agent.close();
  }
  let opened = 0;
  const open = createSocketOpener();
  const pool = createPool(
    Counting,
    (options, callback) => {
      opened += 1;
      return open(options, callback);
    },
    2,
  );
  const { signal } = new AbortController();
  const route = { pool, source: { pool, fresh: () => pool }, connections: { renew() {} } };
  const get = async (path: string): Promise<string> => {
    const request = { method: "GET", url: served.url + path, headers: {}, body: null, signal } as const;
    return (await dispatchRequest(route, { url: served.url + path, origin: served.url, path }, request)).text();
  };

  const held = Array.from({ length: 5 }, () => get("/hold"));
  expect(agents.map(({ most }) => most)).toEqual([2, 2, 1]);
  release.resolve();
  expect(new Set(await Promise.all(held))).toEqual(new Set(["ok"]));
  expect(opened).toBe(5);
  for (let time = 0; time < 5; time += 1) await get("/");
  expect(opened).toBe(5);
  // A request that could not be sent does not occupy a slot.
  const gone = { method: "GET", url: "http://127.0.0.1:1/", headers: {}, body: null, signal } as const;
  for (let time = 0; time < 5; time += 1) {
    await expect(
      dispatchRequest(route, { url: gone.url, origin: "http://127.0.0.1:1", path: "/" }, gone),
    ).rejects.toThrow();
  }
  expect(agents.map(({ active }) => active)).toEqual([0, 0, 0]);
  await pool.close();
});
