import { Agent, request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { exchangeRaw, startExchange } from "./fixtures/exchange-raw.ts";
import { healthyChat, healthyHeaders, USUAL_MODELS } from "./fixtures/healthy-request.ts";
import { simulatorForTests } from "./fixtures/refusal-rows.ts";
import type { SimulatorOptions } from "./server/simulator-options.ts";
import { SIMULATED_PROVIDERS, type SimulatedProvider } from "./simulated-provider.ts";
import { startProviderSimulator } from "./start-provider-simulator.ts";

const simulator = simulatorForTests({ seed: 7 });

/** The parts of an answer that are equal in every run. */
function essence(provider: SimulatedProvider, text: string): unknown {
  const { id: _, created: __, x_groq: ___, ...body } = JSON.parse(text);
  return provider === "claude" ? { content: body.content, usage: body.usage } : body;
}

describe.each(SIMULATED_PROVIDERS)("%s", (provider) => {
  it("gives the same answer to the same request, in any order and in another simulator", async () => {
    const request = healthyChat(simulator(), provider);
    const first = await exchangeRaw(request);
    const other = { messages: [{ role: "user", content: "Something else." }] };
    const different = await exchangeRaw(healthyChat(simulator(), provider, other));
    const again = await exchangeRaw(request);
    expect(essence(provider, again.text)).toEqual(essence(provider, first.text));
    expect(essence(provider, different.text)).not.toEqual(essence(provider, first.text));
    await using second = await startProviderSimulator({ seed: 7 });
    await using third = await startProviderSimulator({ seed: 8 });
    const same = await exchangeRaw(healthyChat(second, provider));
    const otherSeed = await exchangeRaw(healthyChat(third, provider));
    expect(essence(provider, same.text)).toEqual(essence(provider, first.text));
    expect(essence(provider, otherSeed.text)).not.toEqual(essence(provider, first.text));
  });

  it("truncates an answer at the token limit and at a stop sequence", async () => {
    const limit = provider === "wandb" || provider === "claude" ? "max_tokens" : "max_completion_tokens";
    const short = await exchangeRaw(healthyChat(simulator(), provider, { [limit]: 8 }));
    expect(short.text).toMatch(/"(?:finish_reason":"length|stop_reason":"max_tokens)"/);
    const whole = await exchangeRaw(healthyChat(simulator(), provider));
    const stop = provider === "claude" ? { stop_sequences: ["."] } : { stop: ["."] };
    const stopped = await exchangeRaw(healthyChat(simulator(), provider, stop));
    expect(stopped.text.length).toBeLessThan(whole.text.length);
    expect(stopped.text).toMatch(/"(?:finish_reason":"stop|stop_reason":"stop_sequence)"/);
  });

  it("answers with JSON if a line of the prompt has a schema, and with the ids of the prompt", async () => {
    const items = { type: "object", properties: { id: { type: "string" }, buy: { type: "boolean" } } };
    const schema = { type: "object", properties: { decisions: { type: "array", items } } };
    const content = `Decide.\nJSON schema: ${JSON.stringify(schema)}\nExpected ids: ["x-1","x-2"]`;
    const reply = await exchangeRaw(healthyChat(simulator(), provider, { messages: [{ role: "user", content }] }));
    const body = JSON.parse(reply.text);
    const text = provider === "claude" ? body.content.at(-1).text : body.choices[0].message.content;
    expect(JSON.parse(text).decisions.map(({ id }: { id: string }) => id)).toEqual(["x-1", "x-2"]);
  });

  it("lists its models, and accepts each of them", async () => {
    const url = `${simulator().baseURLs[provider]}${provider === "claude" ? "/v1/models" : "/models"}`;
    const request = { url, method: "GET", headers: healthyHeaders(provider), body: null } as const;
    const reply = await exchangeRaw(request);
    const ids: string[] = JSON.parse(reply.text).data.map(({ id }: { id: string }) => id);
    expect(ids).toContain(USUAL_MODELS[provider]);
    for (const model of ids) {
      const answered = await exchangeRaw(
        healthyChat(simulator(), provider, {
          model,
          max_tokens: undefined,
          ...(provider === "claude" ? { max_tokens: 10 } : {}),
        }),
      );
      expect([model, answered.status]).toEqual([model, 200]);
    }
    const one = await exchangeRaw({ ...request, url: `${url}/${encodeURIComponent(USUAL_MODELS[provider])}` });
    expect(JSON.parse(one.text).id).toBe(USUAL_MODELS[provider]);
    const none = await exchangeRaw({ ...request, url: `${url}/nothing` });
    expect(none.status).toBe(404);
    const locked = await exchangeRaw({ ...request, headers: {} });
    expect(locked.status).toBe(401);
  });

  it("responds with 404 to other paths", async () => {
    const { headers, body } = healthyChat(simulator(), provider);
    const reply = await exchangeRaw({
      url: `${simulator().baseURLs[provider]}/embeddings`,
      method: "POST",
      headers,
      body,
    });
    expect(reply.status).toBe(404);
    expect(simulator().requests.at(-1)).toMatchObject({ provider, endpoint: "other" });
  });

  it("records the received request without the key", async () => {
    simulator().reset();
    await exchangeRaw(healthyChat(simulator(), provider, {}, { "x-client-request-id": "call-9" }));
    const [request] = simulator().requests;
    expect(request).toMatchObject({
      provider,
      endpoint: "chat",
      method: "POST",
      model: USUAL_MODELS[provider],
      stream: false,
      callId: "call-9",
      keyOk: true,
      status: 200,
      fault: null,
      outcome: "answered",
      body: { model: USUAL_MODELS[provider] },
    });
    for (const key of Object.values(simulator().env)) {
      if (!key.startsWith("http")) expect(JSON.stringify(simulator().requests)).not.toContain(key);
    }
  });
});

it("refuses one chat request more than are allowed in flight, and says when each has ended", async () => {
  await using busy = await startProviderSimulator({ latencyMs: 30, maxConcurrency: { groq: 2 } });
  const replies = await Promise.all([1, 2, 3].map(() => exchangeRaw(healthyChat(busy, "groq"))));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  expect(await exchangeRaw(healthyChat(busy, "groq"))).toMatchObject({ status: 200 });
  for (const { receivedAt, endedAt } of busy.requests) expect(endedAt).toBeGreaterThanOrEqual(receivedAt);
});

it("calls a tool when the prompt requests it, and not after the tool's result", async () => {
  const tools = [
    {
      type: "function",
      function: { name: "look_up", parameters: { type: "object", properties: { at: { enum: ["x"] } } } },
    },
  ];
  const ask = async (
    fields: Readonly<Record<string, unknown>>,
  ): Promise<{
    readonly finish_reason: string;
    readonly message: { tool_calls?: { id: string; function: { arguments: string } }[] };
  }> => {
    const reply = await exchangeRaw(healthyChat(simulator(), "groq", { tools, ...fields }));
    return JSON.parse(reply.text).choices[0];
  };
  const user = { role: "user", content: "Please use look_up." };
  const first = await ask({ messages: [user] });
  const [call] = first.message.tool_calls ?? [];
  expect([first.finish_reason, call?.function.arguments]).toEqual(["tool_calls", '{"at":"x"}']);
  const answered = [
    user,
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: call?.id, content: "3" },
  ];
  expect((await ask({ messages: answered })).finish_reason).toBe("stop");
  expect((await ask({})).finish_reason).toBe("stop");
  expect((await ask({ tool_choice: "required" })).finish_reason).toBe("tool_calls");
  expect((await ask({ messages: [user], tool_choice: "none" })).finish_reason).toBe("stop");
});

describe("the server", () => {
  it.each(["0.0.0.0", "::", "192.168.1.1", "example.com"])("rejects listening on %s", async (host) => {
    await expect(startProviderSimulator({ host })).rejects.toMatchObject({
      name: "SimulatorError",
      code: "not_loopback",
    });
  });

  it.each<[string, SimulatorOptions]>([
    ["port", { port: -1 }],
    ["port", { port: 1.5 }],
    ["seed", { seed: Number.NaN }],
    ["latencyMs", { latencyMs: [5, 1] }],
    ["maxConcurrency.groq", { maxConcurrency: { groq: 0 } }],
    ["faults[0].provider", { faults: [{ provider: "nobody" as never, fault: { kind: "hang" } }] }],
    ["faults[0].fault.kind", { faults: [{ provider: "groq", fault: { kind: "explode" } as never }] }],
    ["faults[0].fault.status", { faults: [{ provider: "groq", fault: { kind: "status", status: 99 } }] }],
    ["faults[0].fault.bytes", { faults: [{ provider: "groq", fault: { kind: "split", bytes: 0 } }] }],
    [
      "faults[0].fault.ways",
      { faults: [{ provider: "groq", fault: { kind: "wrong-shape", ways: ["rude" as never] } }] },
    ],
    ["faults[0].probability", { faults: [{ provider: "groq", probability: 2, fault: { kind: "hang" } }] }],
  ])("rejects an invalid %s", async (path, options) => {
    const error = await startProviderSimulator(options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_option", message: expect.stringContaining(path) });
  });

  it("reports that a port is in use", async () => {
    await expect(startProviderSimulator({ port: simulator().port })).rejects.toMatchObject({ code: "listen_failed" });
  });

  it("waits before each reply", async () => {
    await using slow = await startProviderSimulator({ latencyMs: [30, 40] });
    const started = performance.now();
    await exchangeRaw(healthyChat(slow, "groq"));
    expect(performance.now() - started).toBeGreaterThan(28);
  });

  it("reports when a client disconnects, and when nothing arrives", async () => {
    simulator().reset();
    simulator().setFault("groq", { kind: "stall" });
    const running = startExchange(healthyChat(simulator(), "groq", { stream: true }));
    const request = await simulator().waitForRequest(({ provider }) => provider === "groq");
    await running.head;
    running.abort();
    expect(await simulator().waitForClosed(request.id)).toMatchObject({ outcome: "aborted-by-client", fault: "stall" });
    const late = simulator().waitForRequest(({ provider }) => provider === "openai", { timeoutMs: 20 });
    await expect(late).rejects.toMatchObject({ code: "timeout" });
  });

  it("closes hanging requests when it is reset, and keeps the other connections", async () => {
    const agent = new Agent({ keepAlive: true });
    const kept = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const { url, headers } = healthyChat(simulator(), "groq");
        const outgoing = httpRequest(`${url}/nothing`, { method: "GET", headers, agent }, (reply) => {
          reply.resume().on("end", () => resolve(outgoing.reusedSocket ? 1 : 0));
        });
        outgoing.on("error", reject).end();
      });
    expect(await kept()).toBe(0);
    simulator().setFault("groq", { kind: "hang" });
    const hung = startExchange(healthyChat(simulator(), "groq"));
    await simulator().waitForRequest(({ fault }) => fault === "hang");
    simulator().reset();
    expect((await hung.reply).ending).toBe("ECONNRESET");
    expect(simulator().requests).toEqual([]);
    expect(await kept()).toBe(1);
    expect(simulator().openSockets()).toBeGreaterThan(0);
    agent.destroy();
  });

  it("is reset to its initial faults", async () => {
    const rule = { provider: "groq", fault: { kind: "status", status: 503 }, times: 1 } as const;
    await using own = await startProviderSimulator({ faults: [rule] });
    const status = async (): Promise<number | null> => (await exchangeRaw(healthyChat(own, "groq"))).status;
    expect([await status(), await status()]).toEqual([503, 200]);
    own.reset();
    expect(await status()).toBe(503);
    own.reset();
    own.clearFaults();
    expect(await status()).toBe(200);
  });

  it("closes with pending requests, and rejects pending waits", async () => {
    const own = await startProviderSimulator({ faults: [{ provider: "groq", fault: { kind: "hang" } }] });
    const hung = startExchange(healthyChat(own, "groq"));
    await own.waitForRequest();
    const waiting = expect(own.waitForRequest(() => false)).rejects.toMatchObject({ code: "closed" });
    await own.close();
    await waiting;
    expect((await hung.reply).ending).toBe("ECONNRESET");
    await own.close();
  });
});
