import { createLLMClient, type LLMClient, type Provider } from "@babylon/llm-core";
import { afterEach, describe, expect, it } from "vitest";
import { mockProvider } from "../mock/mock-provider.ts";
import { healthyChat } from "../simulator/fixtures/healthy-request.ts";
import { useProviderSimulator } from "./use-provider-simulator.ts";

const tests = useProviderSimulator({ seed: 3, settleMs: 100 });

/** Sends a number of requests for each answer; one is correct. */
function talkative(requests: number): Provider {
  const steps = mockProvider({ id: "groq" });
  return {
    ...steps,
    async generate(request, context) {
      for (let sent = 0; sent < requests; sent += 1) {
        const { url, headers, body } = healthyChat(
          tests.simulator,
          "groq",
          {},
          { "x-client-request-id": context.callId },
        );
        await (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).text();
      }
      return steps.generate(request, context);
    },
  };
}

let client: LLMClient | undefined;
afterEach(() => client?.close());

async function call(provider: Provider, recorded = true): Promise<void> {
  client = createLLMClient({ providers: [provider], env: {}, recorders: recorded ? [tests.recorder] : [] });
  await client.generateText({ prompt: "Hello", transport: "json" });
}

describe("a test passes", () => {
  it("when each request is an attempt of a record", async () => {
    await call(talkative(1));
    await call(talkative(1));
    await client?.close();
    expect(tests.records).toHaveLength(2);
    expect(tests.simulator.requests).toHaveLength(2);
  });

  it("without records of the previous test", () => {
    expect(tests.records).toEqual([]);
    expect(tests.simulator.requests).toEqual([]);
  });

  it("when it reports the requests that it makes itself", async () => {
    const { url, headers, body } = healthyChat(tests.simulator, "openai");
    tests.truth.attempt("openai");
    const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect(reply.status).toBe(200);
    await reply.text();
  });
});

describe("a test fails", () => {
  it.fails("when a request is in no record", () => call(talkative(1), false));
  it.fails("when there are more requests than attempts", () => call(talkative(2)));
  it.fails("when there are more attempts than requests", () => call(talkative(0)));
});
