import { expect, test } from "vitest";
import { type OpenAICompatibleOptions, openaiCompatible } from "./openai-compatible.ts";

const BASE: OpenAICompatibleOptions = {
  id: "ollama",
  name: "Ollama",
  baseURL: "http://localhost:11434/v1",
  model: "llama3.2",
};

test("requires no key and reads no environment by default", () => {
  const provider = openaiCompatible(BASE);
  expect(provider).toMatchObject({
    spec: 1,
    id: "ollama",
    name: "Ollama",
    envKey: null,
    envModel: null,
    envBaseURL: null,
    model: "llama3.2",
    defaultModel: "llama3.2",
    models: [],
    retired: {},
  });
  expect(provider.isConfigured({})).toBe(true);
  expect(provider.configProblems?.({ OPENAI_BASE_URL: "nowhere" }, null)).toEqual([]);
});

test("requires a key if its variable is given", () => {
  const provider = openaiCompatible({ ...BASE, envKey: "RACK_KEY" });
  expect(provider.isConfigured({})).toBe(false);
  expect(provider.isConfigured({ RACK_KEY: "k" })).toBe(true);
  expect(provider.configProblems?.({ RACK_KEY: "a b" }, null)).toMatchObject([{ path: "RACK_KEY" }]);
});

test("the capabilities of models are data", () => {
  const provider = openaiCompatible({
    ...BASE,
    capabilities: { images: false },
    models: ["a", { id: "b", contextTokens: 8192, capabilities: { images: true } }],
  });
  expect(provider.models.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(["a", "b", "c"].map((model) => provider.capabilities(model).images)).toEqual([false, true, false]);
  expect(provider.capabilities("b").contextTokens).toBe(8192);
});

test.each<[Record<string, unknown>, string]>([
  [{ ...BASE, modell: "x" }, "openaiCompatible.modell"],
  [{ ...BASE, id: "No" }, "openaiCompatible.id"],
  [{ ...BASE, name: undefined }, "openaiCompatible.name"],
  [{ ...BASE, baseURL: undefined }, "openaiCompatible.baseURL"],
  [{ ...BASE, model: undefined }, "openaiCompatible.model"],
  [{ ...BASE, baseURL: "localhost:11434" }, "ollama.baseURL"],
  [{ ...BASE, baseURL: "http://far.test/v1" }, "ollama.baseURL"],
  [{ ...BASE, apiKey: "a\nb" }, "ollama.apiKey"],
  [{ ...BASE, envKey: 1 }, "openaiCompatible.envKey"],
  [{ ...BASE, models: [{ name: "x" }] }, "openaiCompatible.models"],
  [{ ...BASE, wire: { limitfield: "max_tokens" } }, "openaiCompatible.wire"],
  [{ ...BASE, capabilities: { image: true } }, "openaiCompatible.capabilities"],
])("rejects %j", (options, path) => {
  // As callers in plain JavaScript may pass it.
  const call = () => openaiCompatible(options as unknown as OpenAICompatibleOptions);
  expect(call).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});
