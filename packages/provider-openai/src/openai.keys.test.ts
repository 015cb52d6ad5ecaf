import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLLMClient } from "@babylon/llm-core";
import { createModelTable, createProvider, PLAIN_TRAITS } from "@babylon/provider-openai-compatible";
import { expect, onTestFinished, test, vi } from "vitest";
import { type OpenAIOptions, openai } from "./openai.ts";

/** A vendor that accepts one key, and quotes the others in its errors. Returns its base URL and the received keys. */
async function vendorOf(good: string): Promise<{ baseURL: string; keys: string[] }> {
  const keys: string[] = [];
  const server = createServer((request, response) => {
    const key = String(request.headers.authorization).replace("Bearer ", "");
    keys.push(key);
    request.resume();
    const isGood = key === good;
    response.writeHead(isGood ? 200 : 401, { "content-type": "application/json" });
    const choices = [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }];
    const error = { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key" };
    response.end(JSON.stringify(isGood ? { id: "c", model: "m", choices } : { error }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

const OLD = "old-key-of-the-operator";
const NEW = "new-key-of-the-operator";

test.each<[string, (key: () => string, env: Record<string, string>) => OpenAIOptions]>([
  ["a function", (key) => ({ apiKey: key })],
  ["an asynchronous function", (key) => ({ apiKey: async () => key() })],
  ["a function that reads a file with a line break", (key) => ({ apiKey: () => `${key()}\n` })],
  ["the environment", () => ({})],
])("a key of %s that is rotated after a rejection serves the next call", async (_, optionsOf) => {
  const vendor = await vendorOf(NEW);
  const backup = await vendorOf("backup-key");
  const env: Record<string, string> = { OPENAI_API_KEY: OLD };
  let key = OLD;
  const llm = createLLMClient({
    providers: [
      openai({ ...optionsOf(() => key, env), baseURL: vendor.baseURL }),
      openai({ id: "backup", apiKey: "backup-key", baseURL: backup.baseURL }),
    ],
    env,
  });
  const served = async () => {
    const { provider, attempts } = await llm.generateText({ prompt: "x", transport: "json" });
    expect(JSON.stringify(attempts)).not.toMatch(/-key-of-/);
    return provider;
  };
  expect(await served()).toBe("backup");
  expect(await served()).toBe("backup");
  expect(vendor.keys, "the refused key is not tried again").toEqual([OLD]);
  key = NEW;
  env.OPENAI_API_KEY = NEW;
  expect(await served()).toBe("openai");
  expect(vendor.keys).toEqual([OLD, NEW]);
  expect(JSON.stringify([llm.health(), await llm.plan()])).not.toMatch(/-key-of-/);
});

test.each([
  ["at once", () => NEW],
  ["later", async () => NEW],
])("a function that returns %s is called once per call", async (_, give) => {
  const vendor = await vendorOf(NEW);
  const apiKey = vi.fn<() => string | Promise<string>>(give);
  const llm = createLLMClient({ providers: [openai({ apiKey, baseURL: vendor.baseURL })], env: {} });
  for (let call = 1; call <= 3; call += 1) {
    await llm.generateText({ prompt: "x", transport: "json" });
    expect(apiKey).toHaveBeenCalledTimes(call);
  }
});

test("a key function that has failed is called again by the next call", async () => {
  const vendor = await vendorOf(NEW);
  let isSealed = true;
  const apiKey = async (): Promise<string> => {
    if (isSealed) throw new Error("the vault is sealed");
    return NEW;
  };
  const llm = createLLMClient({ providers: [openai({ apiKey, baseURL: vendor.baseURL })], env: {} });
  const call = () => llm.generateText({ prompt: "x", transport: "json", maxRetries: 0 });
  await expect(call()).rejects.toMatchObject({ code: "auth" });
  expect((await llm.plan()).providers).toMatchObject([{ state: "open" }]);
  isSealed = false;
  expect((await call()).text).toBe("ok");
});

test("key, base URL and the vendor's variables are checked once per call", async () => {
  const vendor = await vendorOf(NEW);
  const problems = vi.fn(() => []);
  const provider = createProvider(
    {
      id: "acme",
      name: "Acme",
      envKey: "ACME_API_KEY",
      envModel: null,
      envBaseURL: null,
      defaultBaseURL: vendor.baseURL,
      defaultModel: "m",
      retired: {},
      problems,
      ...createModelTable(PLAIN_TRAITS, []),
    },
    {},
  );
  const llm = createLLMClient({ providers: [provider], env: { ACME_API_KEY: NEW } });
  await llm.generateText({ prompt: "x", transport: "json" });
  problems.mockClear();
  await llm.generateText({ prompt: "x", transport: "json" });
  expect(problems).toHaveBeenCalledTimes(1);
});
