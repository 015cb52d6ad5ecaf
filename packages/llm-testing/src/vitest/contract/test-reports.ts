import { createServer } from "node:net";
import type { AttemptReport, ModelResponse, Usage } from "@babylon/llm-core";
import { expect } from "vitest";
import type { Fault, ScriptedAnswer } from "../../simulator/fault/fault.ts";
import type { ContractBench, ContractContext, ContractFactoryOptions } from "./contract-bench.ts";

/** The facts that each simulated vendor states, streamed and not streamed. */
interface WireReports {
  readonly tier: { readonly stream: boolean; readonly json: boolean };
  readonly speed: boolean;
  readonly region: boolean;
  readonly cacheWrites: "none" | "one-kind" | "both";
  readonly extras: Usage["extras"];
}

const ALL_EXTRAS = { webSearches: 3, audioInputTokens: 11, audioOutputTokens: 7 };

const WIRE_REPORTS: Readonly<Record<NonNullable<ContractBench["wire"]>, WireReports>> = {
  wandb: { tier: { stream: false, json: false }, speed: false, region: false, cacheWrites: "none", extras: undefined },
  groq: { tier: { stream: false, json: true }, speed: false, region: true, cacheWrites: "none", extras: undefined },
  claude: {
    tier: { stream: true, json: true },
    speed: true,
    region: true,
    cacheWrites: "both",
    extras: { webSearches: 3 },
  },
  openai: {
    tier: { stream: true, json: true },
    speed: false,
    region: false,
    cacheWrites: "one-kind",
    extras: { audioInputTokens: 11, audioOutputTokens: 7 },
  },
};

/** A loopback port without a server. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const TRANSPORTS = ["stream", "json"] as const;

/** The reports of an adapter for the record of its attempt, successful or not. */
export function testReports(bench: ContractBench): void {
  const { test, wire } = bench;
  if (wire === null) return;
  const expected = WIRE_REPORTS[wire];

  /** Makes one attempt and returns its reports and its answer. */
  async function reportsOf(
    transport: "stream" | "json",
    options: ContractFactoryOptions = {},
    context: ContractContext = bench.context(),
  ): Promise<{ reported: AttemptReport; answer: ModelResponse | null }> {
    const provider = bench.provider(options);
    if (transport === "stream") {
      const { response } = await bench.collect(bench.request(), context, provider);
      return { reported: context.reported(), answer: response };
    }
    const answer = await provider.generate(bench.request(), context).catch(() => null);
    return { reported: context.reported(), answer };
  }

  test("reports the endpoint of a request, and that it was sent", async () => {
    for (const transport of TRANSPORTS) {
      const { reported } = await reportsOf(transport);
      expect(reported, transport).toMatchObject({ endpoint: bench.server.baseURL, sent: true });
    }
  });

  test("reports model, service tier and region of the answer", async () => {
    const script: ScriptedAnswer = {
      text: "x",
      model: "another-name-2026-11-01",
      serviceTier: "flex",
      speed: "fast",
      region: "eu-north-1",
    };
    bench.server.setFault({ kind: "answer", ...script });
    for (const transport of TRANSPORTS) {
      const { reported, answer } = await reportsOf(transport);
      expect(answer?.responseModel, transport).toBe(script.model);
      expect(reported.responseId, transport).toBe(answer?.responseId);
      expect(reported.responseId, transport).toMatch(/./);
      expect(reported.responseModel, transport).toBe(script.model);
      expect(reported.serviceTier ?? null, transport).toBe(expected.tier[transport] ? "flex" : null);
      expect(reported.speed ?? null, transport).toBe(expected.speed ? "fast" : null);
      expect(reported.region ?? null, transport).toBe(expected.region ? "eu-north-1" : null);
    }
  });

  test("reports null for facts that the vendor does not report", async () => {
    bench.server.setFault({ kind: "answer", text: "x", serviceTier: null, speed: null, region: null });
    for (const transport of TRANSPORTS) {
      const { reported } = await reportsOf(transport);
      expect([reported.serviceTier ?? null, reported.speed ?? null, reported.region ?? null], transport).toEqual([
        null,
        null,
        null,
      ]);
    }
  });

  test("counts cache writes as part of the input, long ones as part of these, and extras separately", async () => {
    const usage = {
      inputTokens: 1_000,
      cachedTokens: 400,
      cacheWriteTokens: 300,
      longCacheWriteTokens: 100,
      outputTokens: 70,
      reasoningTokens: 0,
      ...ALL_EXTRAS,
    };
    bench.server.setFault({ kind: "answer", text: "x", reasoning: null, usage });
    for (const transport of TRANSPORTS) {
      const { answer } = await reportsOf(transport);
      const written = expected.cacheWrites === "none" ? null : 300;
      expect(answer?.usage, transport).toMatchObject({
        inputTokens: 1_000,
        cachedInputTokens: 400,
        cacheWriteInputTokens: written,
        longCacheWriteInputTokens: written === null ? null : expected.cacheWrites === "both" ? 100 : 0,
        outputTokens: 70,
      });
      expect(answer?.usage.extras, transport).toEqual(expected.extras);
    }
  });

  test("reports the same facts for an answer that breaks off", async () => {
    const breaks: readonly Fault[] = [
      { kind: "truncate", afterParts: 2 },
      { kind: "reset", when: "mid-stream", afterParts: 2 },
      { kind: "error-event", afterParts: 2 },
    ];
    for (const fault of breaks) {
      bench.server.setFault(fault);
      const { reported, answer } = await reportsOf("stream");
      expect(answer, fault.kind).toBeNull();
      expect(reported, fault.kind).toMatchObject({ sent: true, responseModel: bench.model });
      expect(reported.responseId, fault.kind).toMatch(/./);
    }
  });

  test("reports the usage of a complete answer that is a failure", async () => {
    bench.server.setFault({ kind: "gave-up", reason: "network_error" });
    const { reported, answer } = await reportsOf("json");
    expect(answer).toBeNull();
    expect(reported).toMatchObject({ sent: true, responseModel: bench.model });
    expect(reported.usage?.outputTokens).toBeGreaterThan(0);
  });

  test("reports a rejected request as sent", async () => {
    for (const status of [429, 500]) {
      bench.server.setFault({ kind: "status", status });
      for (const transport of TRANSPORTS) {
        const { reported } = await reportsOf(transport);
        expect(reported, `${status} ${transport}`).toMatchObject({ endpoint: bench.server.baseURL, sent: true });
      }
    }
  });

  test("reports a request as not sent if the connection is refused", async () => {
    const baseURL = `http://127.0.0.1:${await closedPort()}/v1`;
    for (const transport of TRANSPORTS) {
      for (const fetch of [undefined, globalThis.fetch]) {
        const { reported } = await reportsOf(transport, { baseURL, ...(fetch === undefined ? {} : { fetch }) });
        expect(reported, transport).toMatchObject({ endpoint: baseURL, sent: false });
      }
    }
  });

  test("reports a request that was aborted before as not sent", async () => {
    for (const transport of TRANSPORTS) {
      const { reported } = await reportsOf(transport, {}, bench.context({ signal: AbortSignal.abort() }));
      expect(reported.sent, transport).toBe(false);
    }
  });

  test("reports an endpoint without its query and without a key", async () => {
    const key = "correct.horse.battery.staple";
    for (const transport of TRANSPORTS) {
      const { reported } = await reportsOf(transport, {
        apiKey: key,
        baseURL: `${bench.server.baseURL}/of/${key}/?api-version=1&key=${key}`,
      });
      expect(reported.endpoint, transport).toBe(`${bench.server.baseURL}/of/[redacted]`);
    }
  });
}
