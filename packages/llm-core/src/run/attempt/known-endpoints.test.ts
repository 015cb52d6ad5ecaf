import { mockProvider, recordingObserver } from "@babylon/llm-testing";
import { expect, it } from "vitest";
import { readEnv } from "../../contract/env.ts";
import type { Provider } from "../../contract/provider.ts";
import { createLLMClient } from "../../create-llm-client.ts";

const ask = { prompt: "hello", provider: "a" };

/** A provider that reports the endpoint of its base URL, as adapters do. */
function reporting(id: string): Provider {
  const mock = mockProvider({ id });
  return {
    ...mock,
    envBaseURL: "A_BASE_URL",
    isConfigured: () => true,
    async *stream(request, context) {
      const { env, credentials, report } = context;
      report?.({ endpoint: credentials?.baseURL ?? readEnv(env, "A_BASE_URL") ?? "https://a.example" });
      yield* mock.stream(request, { ...context, report: undefined });
    },
  };
}

it("an attempt knows its endpoint from the one before, as long as nothing has changed", async () => {
  const env: Record<string, string> = {};
  const observer = recordingObserver();
  const llm = createLLMClient({ providers: [reporting("a")], env, observers: [observer] });
  const tenant = { a: { apiKey: "k", baseURL: "https://tenant.example" } };
  const call = (credentials?: typeof tenant) => llm.generateText({ ...ask, credentials });
  await call();
  await call();
  await call(tenant);
  await call(tenant);
  await call();
  await call();
  env.A_BASE_URL = "https://b.example";
  await call();
  await call();
  const attempts = observer.calls.flatMap(({ attempts: own }) => own);
  expect(attempts.map(({ start, attempt }) => [start.endpoint, attempt?.endpoint])).toEqual([
    [null, "https://a.example"],
    ["https://a.example", "https://a.example"],
    [null, "https://tenant.example"],
    ["https://tenant.example", "https://tenant.example"],
    [null, "https://a.example"],
    ["https://a.example", "https://a.example"],
    [null, "https://b.example"],
    ["https://b.example", "https://b.example"],
  ]);
  await llm.close();
});

it("is not known of a provider that does not report it", async () => {
  const observer = recordingObserver();
  const mock = mockProvider({ id: "a" });
  const silent: Provider = {
    ...mock,
    stream: (request, context) => mock.stream(request, { ...context, report: undefined }),
  };
  const llm = createLLMClient({ providers: [silent], env: { A_API_KEY: "k" }, observers: [observer] });
  await llm.generateText(ask);
  await llm.generateText(ask);
  expect(observer.calls.map(({ attempts }) => attempts[0]?.start.endpoint)).toEqual([null, null]);
  await llm.close();
});
