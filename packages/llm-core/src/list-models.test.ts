import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { ModelInfo, Provider, RequestContext } from "./contract/provider.ts";
import type { ListModelsOptions } from "./list-models.ts";
import { failure, listenersOf, testBed } from "./test-support/test-bed.ts";

const model: ModelInfo = {
  id: "org/m:v1",
  name: "M",
  description: null,
  recommended: true,
  contextTokens: null,
  maxOutputTokens: null,
  retiresAt: null,
};
const lists = (listModels: Provider["listModels"]) =>
  ({ ...mockProvider({ id: "a", name: "Alpha" }), listModels }) as Provider;

it("calls the provider with the current environment", async () => {
  const contexts: RequestContext[] = [];
  const provider = lists(async (context) => {
    contexts.push(context);
    return [model];
  });
  const env = { A_API_KEY: "k" };
  const bed = testBed({ a: provider }, { env });
  expect(await bed.value(bed.llm.listModels("a"))).toEqual([model]);
  expect(contexts).toEqual([
    { env, credentials: null, clock: bed.clock, maxResponseBytes: expect.any(Number), signal: expect.any(AbortSignal) },
  ]);
  expect(bed.records).toEqual([]);
});

describe("fails", () => {
  it.each<[string, () => Provider, string, object]>([
    [
      "for an unknown provider",
      () => lists(async () => []),
      "b",
      { code: "invalid_input", path: "provider", expected: "a provider of this client (a)" },
    ],
    ["for a provider without a list", () => lists(undefined), "a", { code: "unsupported", provider: "a" }],
    [
      "without a key, naming the variable",
      () => mockProvider({ id: "a", configured: false }),
      "a",
      { code: "no_provider", skipped: [{ provider: "a", reason: "no key: set A_API_KEY" }] },
    ],
    [
      "with an invalid key",
      () => ({ ...mockProvider({ id: "a" }), configProblems: () => [{ path: "A_API_KEY", expected: "one line" }] }),
      "a",
      { code: "invalid_input", path: "A_API_KEY" },
    ],
    [
      "with the provider's error",
      () => lists(() => Promise.reject(failure("auth", { status: 401 })())),
      "a",
      { code: "auth", status: 401, provider: "a" },
    ],
    [
      "if the adapter rejects",
      () => lists(() => Promise.reject(new TypeError("x"))),
      "a",
      { code: "invalid_response", provider: "a" },
    ],
    [
      "if the adapter throws synchronously",
      () =>
        lists(() => {
          throw new TypeError("x");
        }),
      "a",
      { code: "invalid_response", provider: "a" },
    ],
  ])("%s", async (_, provider, id, expected) => {
    const bed = testBed({ a: provider() });
    expect(await bed.error(bed.llm.listModels(id))).toMatchObject(expected);
  });

  it.each<[string, ListModelsOptions, string]>([
    ["a limit that is not a number", { timeoutMs: Number.NaN }, "timeoutMs"],
    ["an unknown option", { timeout: 5 } as ListModelsOptions, "timeout"],
    ["an invalid signal", { abortSignal: {} as AbortSignal }, "abortSignal"],
  ])("for %s", async (_, options, path) => {
    const bed = testBed({ a: lists(async () => []) });
    expect(await bed.error(bed.llm.listModels("a", options))).toMatchObject({ code: "invalid_input", path });
  });
});

describe("a provider that does not answer", () => {
  const hangs = (signals: AbortSignal[]) =>
    lists(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });

  it.each([
    ["10 s, by default", undefined, 10_000],
    ["timeoutMs", 250, 250],
  ])("times out after %s", async (_, timeoutMs, atMs) => {
    const signals: AbortSignal[] = [];
    const bed = testBed({ a: hangs(signals) });
    const ending = await bed.ending(bed.llm.listModels("a", { timeoutMs }));
    expect(ending).toMatchObject({ atMs, timersLeft: 0, error: { code: "deadline" } });
    expect(signals[0]?.aborted).toBe(true);
  });

  it("fails with aborted after an abort", async () => {
    const signals: AbortSignal[] = [];
    const bed = testBed({ a: hangs(signals) });
    const call = bed.watch(bed.llm.listModels("a", { abortSignal: bed.controller.signal }));
    await bed.clock.advance(5);
    bed.controller.abort("enough");
    expect(await bed.error(call)).toMatchObject({ code: "aborted", cause: "enough" });
    expect(signals[0]?.aborted).toBe(true);
    expect(listenersOf(bed.controller.signal)).toBe(0);
  });
});
