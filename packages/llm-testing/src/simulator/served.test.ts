import { describe, expect, it } from "vitest";
import { exchangeRaw } from "./fixtures/exchange-raw.ts";
import { healthyChat } from "./fixtures/healthy-request.ts";
import { simulatorForTests } from "./fixtures/refusal-rows.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";

const simulator = simulatorForTests({});

/** Long enough to be kept in a cache. */
const LONG = "word ".repeat(2_000);

const LONG_MESSAGES = { messages: [{ role: "user", content: LONG }] };
const block = (cacheControl: object) => ({ type: "text", text: LONG, cache_control: cacheControl });

async function answerTo(
  provider: SimulatedProvider,
  fields: Readonly<Record<string, unknown>> = {},
  // biome-ignore lint/suspicious/noExplicitAny: the body of a reply, whose members the test looks at
): Promise<{ readonly body: any; readonly headers: Readonly<Record<string, unknown>> }> {
  const reply = await exchangeRaw(healthyChat(simulator(), provider, fields));
  expect([reply.status, reply.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  return { body: JSON.parse(reply.text), headers: reply.headers };
}

describe("Claude", () => {
  it.each<[string, Readonly<Record<string, unknown>>, short: boolean, long: boolean]>([
    ["nothing that is not asked for", LONG_MESSAGES, false, false],
    ["nothing of a short prompt", { cache_control: { type: "ephemeral" } }, false, false],
    ["for five minutes", { ...LONG_MESSAGES, cache_control: { type: "ephemeral" } }, true, false],
    ["for an hour", { ...LONG_MESSAGES, cache_control: { type: "ephemeral", ttl: "1h" } }, false, true],
    ["a block of a message", { messages: [{ role: "user", content: [block({ type: "ephemeral" })] }] }, true, false],
    ["the system's", { system: [block({ type: "ephemeral", ttl: "1h" })] }, false, true],
  ])("writes to its cache: %s", async (_, fields, short, long) => {
    const { usage } = (await answerTo("claude", fields)).body;
    const { ephemeral_5m_input_tokens: of5m, ephemeral_1h_input_tokens: of1h } = usage.cache_creation;
    expect([of5m > 0, of1h > 0]).toEqual([short, long]);
    expect(usage.cache_creation_input_tokens).toBe(of5m + of1h);
    expect(usage.input_tokens).toBeGreaterThanOrEqual(0);
  });

  it("states how it served: by default, and as requested", async () => {
    const usual = (await answerTo("claude", { service_tier: "auto" })).body.usage;
    expect(usual).toMatchObject({ service_tier: "standard", speed: "standard", inference_geo: "global" });
    const asked = (await answerTo("claude", { speed: "fast", inference_geo: "us" })).body.usage;
    expect(asked).toMatchObject({ service_tier: "standard", speed: "fast", inference_geo: "us" });
  });

  it("refuses a tier and a speed that it does not have", async () => {
    for (const fields of [{ service_tier: "flex" }, { speed: "slow" }]) {
      expect((await exchangeRaw(healthyChat(simulator(), "claude", fields))).status).toBe(400);
    }
  });
});

describe("OpenAI", () => {
  it("writes long prompts to its cache without a request for it", async () => {
    const { usage } = (await answerTo("openai", LONG_MESSAGES)).body;
    const { cached_tokens: read, cache_write_tokens: written } = usage.prompt_tokens_details;
    expect(written).toBeGreaterThan(0);
    expect(read + written).toBeLessThanOrEqual(usage.prompt_tokens);
    const short = (await answerTo("openai")).body.usage;
    expect(short.prompt_tokens_details.cache_write_tokens).toBe(0);
  });

  it.each([
    [undefined, "default"],
    ["auto", "default"],
    ["flex", "flex"],
    ["priority", "priority"],
  ])("asked for the tier %s, says %s", async (asked, served) => {
    expect((await answerTo("openai", { service_tier: asked })).body.service_tier).toBe(served);
  });
});

it("Groq states its tier in JSON, and its region in a header", async () => {
  const { body, headers } = await answerTo("groq", { service_tier: "flex" });
  expect([body.service_tier, headers["x-groq-region"]]).toEqual(["flex", "us-west-1"]);
  expect((await answerTo("groq")).body.service_tier).toBe("on_demand");
});

it("another tier, another model name and no usage can be scripted", async () => {
  simulator().setFault("openai", {
    kind: "answer",
    model: "gpt-6-luna-2026-09-02",
    serviceTier: "default",
    usage: null,
  });
  const { body } = await answerTo("openai", { service_tier: "flex" });
  expect(body).toMatchObject({ model: "gpt-6-luna-2026-09-02", service_tier: "default" });
  expect(body).not.toHaveProperty("usage");
  simulator().clearFaults();
});
