import { createBabylonLLM } from "@babylon/llm";
import { startProviderSimulator } from "@babylon/llm-testing";
import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { afterEach, expect, expectTypeOf, test, vi } from "vitest";
import * as route from "./app/api/ask/route.ts";
import { createAskHandler } from "./lib/create-ask-handler.ts";
import { getLLM } from "./lib/llm.ts";

afterEach(() => vi.unstubAllEnvs());

const ask = (body: unknown, signal?: AbortSignal): Request =>
  new Request("http://app.test/api/ask", { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });

test("exports what the app router uses: a handler of its request, and two settings", () => {
  // Next.js docs, "route.js", version 16: the router's request extends the web's, and a context comes second.
  expectTypeOf(route.POST).toExtend<
    (request: Request & { readonly nextUrl: URL }, context: { readonly params: Promise<object> }) => Promise<Response>
  >();
  expect(Object.keys(route).sort()).toEqual(["POST", "dynamic", "runtime"]);
});

test("the route streams an answer with keys and settings from the environment", async () => {
  await using simulator = await startProviderSimulator();
  for (const [name, value] of Object.entries(simulator.env)) vi.stubEnv(name, value);
  vi.stubEnv("BABYLON_SETTINGS_URL", "memory://");
  const response = await route.POST(ask({ prompt: "Name a ship." }));
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  expect((await response.text()).length).toBeGreaterThan(20);
  expect(simulator.requests.map(({ provider }) => provider)).toEqual(["wandb"]);
  await (await getLLM()).close();
});

test("a failure before the first text is a status, a failure after it breaks the body off", async () => {
  await using simulator = await startProviderSimulator();
  await using llm = await createBabylonLLM({ env: simulator.env, settings: {}, retry: { maxRetries: 0 } });
  const post = createAskHandler(async () => llm);
  expect((await post(ask({ question: "x" }))).status).toBe(400);
  expect(simulator.requests).toEqual([]);

  simulator.setFault("wandb", { kind: "reset", when: "mid-stream" });
  await expect((await post(ask({ prompt: "x" }))).text()).rejects.toThrow();

  await using keyless = await createBabylonLLM({ env: {}, settings: {} });
  const refused = await createAskHandler(async () => keyless)(ask({ prompt: "x" }));
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "no_provider" });
});

test("a disconnect cancels the call", async () => {
  await using simulator = await startProviderSimulator();
  simulator.setFault("wandb", { kind: "stall" });
  await using llm = await createBabylonLLM({ env: simulator.env, settings: {} });
  const response = await createAskHandler(async () => llm)(ask({ prompt: "x" }));
  const { id } = await simulator.waitForRequest();
  await response.body?.cancel();
  expect((await simulator.waitForClosed(id)).outcome).not.toBe("pending");
});

test("main.ts calls the handler", async () => {
  const { code, lines, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect([code, errors]).toEqual([0, ""]);
  expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/simulator/), "200 text/plain; charset=utf-8"]);
  expect(lines[2]).not.toBe("");
}, 60_000);
