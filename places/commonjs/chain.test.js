const { createBabylonLLM } = require("@babylon/llm");
const { mockProvider } = require("@babylon/llm-testing");

test("falls back, and keeps the settings", async () => {
  const broken = mockProvider({
    id: "a",
    steps: [{ error: new (require("@babylon/llm").LLMError)({ code: "server", message: "no" }) }],
  });
  const llm = await createBabylonLLM({ providers: [broken, mockProvider({ id: "b" })], settings: "memory://" });
  expect((await llm.generateText({ prompt: "x" })).provider).toBe("b");
  await llm.settings.update({ order: ["b"] }, { actor: "a test" });
  expect((await llm.plan()).links.map(({ provider }) => provider)).toEqual(["b", "a"]);
  await llm.close();
});
