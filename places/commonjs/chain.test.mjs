import { createBabylonLLM } from "@babylon/llm";
import { mockProvider } from "@babylon/llm-testing";

test("streams to a module", async () => {
  const llm = await createBabylonLLM({ providers: [mockProvider({ id: "a" })], settings: {} });
  const stream = llm.streamText({ prompt: "x" });
  expect(await stream.toTextResponse().text()).toBe((await stream.result).text);
  await llm.close();
});
