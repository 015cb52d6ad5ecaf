import { LLMError } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import type { TestData } from "../contract.ts";
import { startAdmin } from "../test-support/start-admin.ts";

const refused = new LLMError({ code: "auth", message: "the key was refused", provider: "wandb", status: 401 });

describe("POST test", () => {
  test("makes a call as the chain would now", async () => {
    const { reply } = await startAdmin().call<TestData>("POST", "/test");
    expect(reply).toMatchObject({
      success: true,
      message: "Successfully tested wandb (model: wandb-model)",
      data: {
        provider: "wandb",
        model: "wandb-model",
        text: "answer 1 of wandb",
        usage: { inputTokens: 10, outputTokens: 5 },
        durationMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
      },
    });
  });

  test.each([
    ["a disabled provider with a model", { provider: "groq", model: "x:y/z" }, "groq", "x:y/z"],
    [
      "pending settings",
      { settings: { order: ["groq"], providers: { groq: { model: "pending" } }, agents: {} } },
      "groq",
      "pending",
    ],
  ])("%s", async (_, body, provider, model) => {
    const { data, settings } = startAdmin({
      initial: { order: null, providers: { groq: { enabled: false } }, agents: {} },
    });
    expect(await data<TestData>("POST", "/test", body)).toMatchObject({ provider, model });
    expect(settings.peek().version).toBe(0);
  });

  test("of one provider returns its typed error", async () => {
    const { call } = startAdmin({ steps: { wandb: [{ error: refused }] } });
    const { status, reply } = await call("POST", "/test", { provider: "wandb" });
    expect(status).toBe(502);
    expect(reply).toMatchObject({
      success: false,
      code: "auth",
      error: "the key was refused",
      test: { provider: "wandb", status: 401, attempts: [{ provider: "wandb", outcome: "failed" }] },
    });
  });

  test("a success closes the circuit of the link", async () => {
    const { llm, data } = startAdmin({ steps: { wandb: [{ error: refused }, {}] } });
    await llm.generateText({ prompt: "Hello." });
    expect((await llm.plan()).links[0]?.provider).toBe("groq");
    await data("POST", "/test", { provider: "wandb" });
    expect((await llm.plan()).links[0]?.provider).toBe("wandb");
  });

  test.each([
    ["an unknown provider", { provider: "unknown" }, 422, "unknown_provider"],
    ["a model without a provider", { model: "x" }, 400, "invalid_body"],
    ["a provider without a key", { provider: "openai" }, 502, "no_provider"],
  ])("%s", async (_, body, status, code) => {
    const answer = await startAdmin().call("POST", "/test", body);
    expect(answer.status).toBe(status);
    expect(answer.reply).toMatchObject({ code });
  });

  test("is limited to a number per minute", async () => {
    const { call, clock, send } = startAdmin({ testsPerMinute: 2 });
    for (let turn = 0; turn < 2; turn += 1) expect((await call("POST", "/test")).status).toBe(200);
    const { status, reply } = await call("POST", "/test");
    expect(status).toBe(429);
    expect(reply).toMatchObject({ code: "rate_limited", retryAfterMs: 30_000 });
    const { headers } = await send(
      new Request("http://admin.test/api/admin/ai-models/test", {
        method: "POST",
        headers: { authorization: "Bearer a-token-for-tests-0001" },
      }),
    );
    expect(headers.get("retry-after")).toBe("30");
    await clock.advance(30_000);
    expect((await call("POST", "/test")).status).toBe(200);
  });
});
