import { expect, vi } from "vitest";
import type { ContractBench } from "./contract-bench.ts";

/** Variables that the SDKs read on their own. Their values must not be sent to any vendor. */
const STRAY: Readonly<Record<string, string>> = {
  OPENAI_ORG_ID: "org-stray-value",
  OPENAI_PROJECT_ID: "proj_stray_value",
  OPENAI_API_KEY: "sk-stray-value-0001",
  OPENAI_BASE_URL: "http://127.0.0.1:9/stray-value",
  OPENAI_CUSTOM_HEADERS: "x-stray: stray-value",
  ANTHROPIC_API_KEY: "sk-ant-stray-value-0001",
  ANTHROPIC_AUTH_TOKEN: "stray-value-0002",
  ANTHROPIC_BASE_URL: "http://127.0.0.1:9/stray-value",
  ANTHROPIC_CUSTOM_HEADERS: "x-stray: stray-value",
};

/** Identity, key and base URL, and that no other source is used. */
export function testConfiguration(bench: ContractBench): void {
  const { test } = bench;

  test("has an id, a name, and data about its models", () => {
    const provider = bench.provider();
    expect(provider.spec).toBe(1);
    expect(provider.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(provider.name).not.toBe("");
    expect(provider.defaultModel).not.toBe("");
    for (const model of [provider.defaultModel, ...provider.models.map(({ id }) => id), "no-such-model"]) {
      const capabilities = provider.capabilities(model);
      expect(capabilities.schema.length, model).toBeGreaterThan(0);
      expect(capabilities.schema, model).toContain("prompt");
    }
    for (const [id, { replacement }] of Object.entries(provider.retired)) expect(replacement).not.toBe(id);
  });

  test("is configured by its key only, and isConfigured does not throw", () => {
    const bare = bench.bareProvider();
    if (bare.envKey !== null) {
      expect(bare.isConfigured({})).toBe(false);
      expect(bare.isConfigured({ [bare.envKey]: "  " })).toBe(false);
      expect(bare.isConfigured({ [bare.envKey]: "some-key-0001" })).toBe(true);
    }
    expect(bench.provider().isConfigured({})).toBe(true);
    expect(bare.configProblems?.({}, null) ?? []).toEqual([]);
  });

  test("reports an invalid key or base URL, without its value", () => {
    const bare = bench.bareProvider();
    const { envKey, envBaseURL, configProblems } = bare;
    if (configProblems === undefined) return;
    if (envKey !== null) {
      const problems = bare.configProblems?.({ [envKey]: "some-key\nwith-a-break" }, null) ?? [];
      expect(problems.map(({ path }) => path)).toEqual([envKey]);
      expect(JSON.stringify(problems)).not.toContain("some-key");
    }
    if (envBaseURL !== null) {
      for (const url of ["no url", "ftp://example.com", "http://example.com/v1"]) {
        const problems = bare.configProblems?.({ [envBaseURL]: url }, null) ?? [];
        expect(
          problems.map(({ path }) => path),
          url,
        ).toEqual([envBaseURL]);
      }
    }
    const problems = bare.configProblems?.({}, { apiKey: "bad\nkey" }) ?? [];
    expect(problems).toHaveLength(1);
  });

  test("uses key and base URL from the environment of the call", async () => {
    const bare = bench.bareProvider();
    if (bare.envKey === null || bare.envBaseURL === null) return;
    const env = { [bare.envKey]: bench.server.apiKey, [bare.envBaseURL]: bench.server.baseURL };
    const { error, response } = await bench.collect(bench.request(), bench.context({ env }), bare);
    expect(error).toBeNull();
    expect(response?.text).not.toBe("");
  });

  test("accepts a tenant's credentials for one call", async () => {
    const provider = bench.provider({ apiKey: "a-wrong-key-0001", baseURL: "http://127.0.0.1:9" });
    const { apiKey, baseURL } = bench.server;
    const response = await provider.generate(bench.request(), bench.context({ credentials: { apiKey, baseURL } }));
    expect(response.text).not.toBe("");
  });

  test("uses a given fetch", async () => {
    let calls = 0;
    const counting: typeof globalThis.fetch = (...args) => {
      calls += 1;
      return globalThis.fetch(...args);
    };
    await bench.provider({ fetch: counting }).generate(bench.request(), bench.context());
    expect(calls).toBe(1);
  });

  test("uses no process environment in a request", async () => {
    for (const [name, value] of Object.entries(STRAY)) vi.stubEnv(name, value);
    try {
      const { error } = await bench.collect(bench.request());
      expect(error).toBeNull();
      await bench.provider().generate(bench.request(), bench.context());
    } finally {
      vi.unstubAllEnvs();
    }
    expect(bench.server.requests).toHaveLength(2);
    expect(JSON.stringify(bench.server.requests)).not.toMatch(/stray/i);
  });

  test("sends one request for one answer, with the id of the call", async () => {
    await bench.collect(bench.request(), bench.context({ callId: "call-of-the-stream" }));
    await bench.provider().generate(bench.request(), bench.context({ callId: "call-of-the-json" }));
    const seen = bench.server.requests.map(({ callId, stream, model }) => [callId, stream, model]);
    expect(seen).toEqual([
      ["call-of-the-stream", true, bench.model],
      ["call-of-the-json", false, bench.model],
    ]);
  });
}
