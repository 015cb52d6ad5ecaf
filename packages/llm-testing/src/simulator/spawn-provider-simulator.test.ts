import { afterAll, beforeAll, expect, it } from "vitest";
import { exchangeRaw, startExchange } from "./fixtures/exchange-raw.ts";
import { healthyChat, type RawRequest } from "./fixtures/healthy-request.ts";
import { type SpawnedSimulator, spawnProviderSimulator } from "./spawn-provider-simulator.ts";

let simulator: SpawnedSimulator;
beforeAll(async () => {
  simulator = await spawnProviderSimulator({ faults: [{ provider: "groq", fault: { kind: "status", status: 503 } }] });
});
afterAll(() => simulator.close());

/** A request to the spawned process, whose base URLs are in its environment. */
function chat(): RawRequest {
  const url = simulator.env.GROQ_BASE_URL ?? "";
  return healthyChat({ baseURLs: { wandb: "", groq: url, claude: "", openai: "" } }, "groq");
}

it("answers from a separate process, and receives faults from this one", async () => {
  expect(simulator.pid).not.toBe(process.pid);
  expect((await exchangeRaw(chat())).status).toBe(503);
  await simulator.clearFaults();
  expect((await exchangeRaw(chat())).status).toBe(200);
  expect((await simulator.requests()).map(({ status }) => status)).toEqual([503, 200]);
  await expect(simulator.setFault("groq", { kind: "split", bytes: 0 })).rejects.toMatchObject({
    code: "invalid_option",
  });
  await simulator.reset();
  expect(await simulator.requests()).toEqual([]);
});

it("can be frozen and resumed, killed and restarted on the same port", async () => {
  const { url } = simulator;
  await simulator.clearFaults();
  simulator.freeze();
  const running = startExchange(chat());
  const first = await Promise.race([running.reply, new Promise((resolve) => setTimeout(resolve, 50, "frozen"))]);
  expect(first).toBe("frozen");
  simulator.resume();
  expect((await running.reply).status).toBe(200);
  await simulator.kill();
  expect(simulator.pid).toBeNull();
  expect((await exchangeRaw(chat())).ending).toBe("ECONNREFUSED");
  await expect(simulator.requests()).rejects.toMatchObject({ code: "closed" });
  await simulator.restart();
  expect(simulator.url).toBe(url);
  expect((await exchangeRaw(chat())).status).toBe(503);
});

it("rejects invalid options before it starts a process", async () => {
  await expect(spawnProviderSimulator({ port: 70_000 })).rejects.toMatchObject({ code: "invalid_option" });
  await expect(spawnProviderSimulator({ port: Number(new URL(simulator.url).port) })).rejects.toMatchObject({
    code: "listen_failed",
  });
});
