import { describe, expect, it } from "vitest";
import type { Fault } from "./fault/fault.ts";
import type { WildWay } from "./fault/wild-ways.ts";
import { dataOfEvents, exchangeRaw, type RawReply, startExchange } from "./fixtures/exchange-raw.ts";
import { healthyChat } from "./fixtures/healthy-request.ts";
import { simulatorForTests } from "./fixtures/refusal-rows.ts";
import { SIMULATED_PROVIDERS, type SimulatedProvider } from "./simulated-provider.ts";

const simulator = simulatorForTests({});

const DONE: Readonly<Record<SimulatedProvider, string>> = {
  wandb: "[DONE]",
  groq: "[DONE]",
  openai: "[DONE]",
  claude: '{"type":"message_stop"}',
};

const FINISH: Readonly<Record<SimulatedProvider, RegExp>> = {
  wandb: /"finish_reason":"stop"/,
  groq: /"finish_reason":"stop"/,
  openai: /"finish_reason":"stop"/,
  claude: /"stop_reason":"end_turn"/,
};

/** Events that carry a piece of the answer's text. */
const PART = /"delta":\{"(?:content":"[^"]|type":"text_delta)/;

async function meet(provider: SimulatedProvider, fault: Fault, stream: boolean): Promise<RawReply> {
  simulator().reset();
  simulator().setFault(provider, fault);
  const reply = await exchangeRaw(healthyChat(simulator(), provider, { stream, ...plainModel(provider) }));
  const [request] = simulator().requests;
  const closed = await simulator().waitForClosed(request?.id ?? 0);
  expect(closed.fault).toBe(fault.kind);
  return reply;
}

/** A model that does not show its reasoning, so that the first parts are text. */
const plainModel = (provider: SimulatedProvider): Readonly<Record<string, unknown>> =>
  provider === "groq" ? { reasoning_format: "hidden" } : {};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe.each(SIMULATED_PROVIDERS)("%s", (provider) => {
  describe("a stream", () => {
    it.each([
      ["truncate", { kind: "truncate", afterParts: 2 }, 2, "end"],
      ["reset between events", { kind: "reset", when: "mid-stream", afterParts: 2 }, 2, "ECONNRESET"],
      ["reset inside an event", { kind: "reset", when: "mid-body", afterParts: 2 }, 2, "ECONNRESET"],
      ["error-event", { kind: "error-event", afterParts: 3 }, 3, "end"],
    ] as const)("%s: so many parts and no finish", async (_, fault, parts, ending) => {
      const reply = await meet(provider, fault, true);
      const whole = dataOfEvents(reply).filter((event) => event === "[DONE]" || isJson(event));
      expect(whole.filter((event) => PART.test(event))).toHaveLength(parts);
      expect(whole.some((event) => FINISH[provider].test(event) || event === DONE[provider])).toBe(false);
      expect([reply.status, reply.ending]).toEqual([200, ending]);
      expect(simulator().requests[0]?.outcome).toBe("faulted");
    });

    it("error-event: the vendor's error object", async () => {
      const reply = await meet(provider, { kind: "error-event" }, true);
      const last = JSON.parse(dataOfEvents(reply).at(-1) ?? "");
      expect(last.error.message).toMatch(/\w/);
      expect(reply.text.includes("event: error\n")).toBe(provider === "claude" || provider === "groq");
    });

    it("no-done: the finish, and no marker", async () => {
      const reply = await meet(provider, { kind: "no-done" }, true);
      expect(dataOfEvents(reply).some((event) => FINISH[provider].test(event))).toBe(true);
      expect(dataOfEvents(reply)).not.toContain(DONE[provider]);
      expect(reply.ending).toBe("end");
    });

    it("malformed: one event that is not JSON, the others valid", async () => {
      const reply = await meet(provider, { kind: "malformed", afterParts: 1 }, true);
      const broken = dataOfEvents(reply).filter((event) => event !== "[DONE]" && !isJson(event));
      expect(broken).toHaveLength(1);
      expect(dataOfEvents(reply)).toContain(DONE[provider]);
    });

    it("split: the same bytes, many writes", async () => {
      const whole = await meet(provider, { kind: "split", bytes: 100_000 }, true);
      const split = await meet(provider, { kind: "split", bytes: 7 }, true);
      const text = (reply: RawReply): string => textOf(provider, reply);
      expect(text(split)).toBe(text(whole));
      expect(text(split)).not.toBe("");
      expect(split.pieces.length).toBeGreaterThan(whole.pieces.length * 5);
    });
  });

  describe("JSON", () => {
    it.each([
      ["truncate", { kind: "truncate" }, "end"],
      ["reset", { kind: "reset", when: "mid-body" }, "ECONNRESET"],
      ["reset of a stream", { kind: "reset", when: "mid-stream" }, "ECONNRESET"],
      ["malformed", { kind: "malformed" }, "end"],
    ] as const)("%s: half a body", async (_, fault, ending) => {
      const reply = await meet(provider, fault, false);
      expect(reply.text.length).toBeGreaterThan(20);
      expect(isJson(reply.text)).toBe(false);
      expect([reply.status, reply.ending]).toEqual([200, ending]);
    });

    it.each([[{ kind: "no-done" }], [{ kind: "split", bytes: 10 }]] as const)("%o: whole", async (fault) => {
      const reply = await meet(provider, fault, false);
      expect(FINISH[provider].test(reply.text) && isJson(reply.text)).toBe(true);
      expect(simulator().requests[0]?.outcome).toBe("answered");
    });
  });

  describe.each([true, false])("both (stream: %s)", (stream) => {
    it("reset before headers", async () => {
      const reply = await meet(provider, { kind: "reset", when: "before-headers" }, stream);
      expect([reply.status, reply.ending]).toEqual([null, "ECONNRESET"]);
    });

    it("html", async () => {
      const reply = await meet(provider, { kind: "html" }, stream);
      expect([reply.status, reply.headers["content-type"], reply.text.slice(0, 15)]).toEqual([
        200,
        "text/html; charset=utf-8",
        "<!DOCTYPE html>",
      ]);
    });

    it("empty", async () => {
      const reply = await meet(provider, { kind: "empty" }, stream);
      expect([reply.status, reply.text, reply.ending]).toEqual([200, "", "end"]);
    });

    it("error-200", async () => {
      const reply = await meet(provider, { kind: "error-200" }, stream);
      expect([reply.status, reply.headers["content-type"]]).toEqual([200, "application/json"]);
      expect(JSON.parse(reply.text).error.message).toMatch(/\w/);
      const own = await meet(provider, { kind: "error-200", error: { message: "mine" } }, stream);
      expect(JSON.parse(own.text).error).toEqual({ message: "mine" });
    });

    it.each([400, 401, 403, 404, 429, 500, 503])("status %i: the vendor's typical body", async (status) => {
      const reply = await meet(provider, { kind: "status", status }, stream);
      expect(reply.status).toBe(status);
      expect(isJson(reply.text)).toBe(true);
      if (provider === "groq" && status === 429) expect(reply.headers["retry-after"]).toBe("1");
    });

    it("status: its own body and headers, and a header taken away", async () => {
      const headers = { "Retry-After": "7", "x-ratelimit-limit-requests": null };
      const reply = await meet(provider, { kind: "status", status: 429, body: { error: "wait" }, headers }, stream);
      expect([reply.text, reply.headers["retry-after"]]).toEqual(['{"error":"wait"}', "7"]);
      expect(reply.headers).not.toHaveProperty("x-ratelimit-limit-requests");
    });

    it("hang, until the client disconnects", async () => {
      simulator().reset();
      simulator().setFault(provider, { kind: "hang" });
      const running = startExchange(healthyChat(simulator(), provider, { stream }));
      const { id } = await simulator().waitForRequest();
      expect(simulator().openRequests()).toBe(1);
      running.abort();
      const closed = await simulator().waitForClosed(id);
      expect([closed.outcome, closed.status]).toEqual(["aborted-by-client", null]);
      expect((await running.reply).status).toBeNull();
      expect(simulator().openRequests()).toBe(0);
    });

    it("stall after some parts, until the client disconnects", async () => {
      simulator().reset();
      simulator().setFault(provider, { kind: "stall", afterParts: 2 });
      const running = startExchange(healthyChat(simulator(), provider, { stream, ...plainModel(provider) }));
      await running.head;
      await running.received(1);
      const { id } = await simulator().waitForRequest();
      running.abort();
      const reply = await running.reply;
      expect((await simulator().waitForClosed(id)).outcome).toBe("aborted-by-client");
      expect(FINISH[provider].test(reply.text)).toBe(false);
    });

    it("slow: the head at once, the rest later", async () => {
      simulator().reset();
      simulator().setFault(provider, { kind: "slow", delayMs: 60_000 });
      const early = startExchange(healthyChat(simulator(), provider, { stream }));
      await early.head;
      early.abort();
      expect(await early.reply).toMatchObject({ status: 200, text: "" });
      simulator().setFault(provider, { kind: "slow", delayMs: 30 });
      const started = performance.now();
      const reply = await exchangeRaw(healthyChat(simulator(), provider, { stream }));
      expect(performance.now() - started).toBeGreaterThan(28);
      expect(FINISH[provider].test(reply.text)).toBe(true);
    });

    it.each([true, false])("reasoning (visible: %s): the answer after its time", async (visible) => {
      simulator().reset();
      simulator().setFault(provider, { kind: "reasoning", ms: 30, visible });
      const started = performance.now();
      const reply = await exchangeRaw(healthyChat(simulator(), provider, { stream }));
      expect(performance.now() - started).toBeGreaterThan(28);
      expect(FINISH[provider].test(reply.text)).toBe(true);
      const shown = /"reasoning":"[^"]|"thinking":"[^"]/.test(reply.text);
      expect(shown).toBe(visible && provider !== "openai");
    });

    it("answer: exactly what a test wants", async () => {
      const fault: Fault = {
        kind: "answer",
        text: "```json\n[1,\n",
        reasoning: null,
        finishReason: "length",
        usage: { inputTokens: 11, outputTokens: 22 },
        headers: { "x-ratelimit-remaining-requests": "0" },
      };
      const reply = await meet(provider, fault, stream);
      expect(textOf(provider, reply, stream)).toBe(fault.text);
      expect(reply.text).toMatch(provider === "claude" ? /"stop_reason":"max_tokens"/ : /"finish_reason":"length"/);
      expect(reply.text.includes('"thinking"')).toBe(false);
      expect(reply.headers["x-ratelimit-remaining-requests"]).toBe("0");
    });

    it("answer: tool calls, the vendor's own word, no usage", async () => {
      const toolCalls = [{ name: "look", arguments: '{"at":' }];
      const reply = await meet(provider, { kind: "answer", toolCalls, rawFinishReason: "odd", usage: null }, stream);
      expect(reply.text).toContain("look");
      expect(reply.text).toContain('"odd"');
      expect(reply.text).not.toMatch(/"(?:prompt|input)_tokens"/);
    });
  });
});

/** The events of each type in a stream with a `wild` fault, in their order. */
async function wildTypes(way: WildWay): Promise<string> {
  const reply = await meet("claude", { kind: "wild", way }, true);
  const types = dataOfEvents(reply).map((data) => (isJson(data) ? String(JSON.parse(data).type) : data));
  const short: Readonly<Record<string, string>> = {
    message_start: "begin",
    content_block_start: "open",
    content_block_delta: "say",
    content_block_stop: "close",
    message_delta: "reason",
    message_stop: "stop",
  };
  const named = types.filter((type) => type !== "ping").map((type) => short[type] ?? type);
  return named.filter((type, at) => type !== "say" || named[at - 1] !== "say").join(" ");
}

describe("the Messages API as gateways send it", () => {
  it.each<[WildWay, string]>([
    ["reason-before-last-block", "begin open say close reason open say close reason stop"],
    ["reason-only-early", "begin open say close reason open say close stop"],
    ["no-reason", "begin open say close open say close stop"],
    ["repeated-reason", "begin open say close open say close reason reason reason reason stop"],
    ["marker-first", "stop begin open say close open say close reason"],
    ["marker-early", "begin open say close stop open say close reason"],
    ["unclosed-blocks", "begin open say open say reason stop"],
    ["nameless-call", "begin open say close open say close open close reason stop"],
    ["repeated-start", "begin open say close open say begin say close reason stop"],
    ["restart", "begin open say close open say begin open say close open say close reason stop"],
    ["done-mark", "begin open say close open say close reason stop [DONE]"],
    ["done-instead", "begin open say close open say close reason [DONE]"],
    ["usage-zero", "begin open say close open say close reason reason stop"],
    ["error-after-end", "begin open say close open say close reason stop error"],
    ["error-before-marker", "begin open say close open say close reason error stop"],
    ["one-event", "message"],
  ])("%s", async (way, expected) => {
    expect(await wildTypes(way)).toBe(expected);
  });

  it("no-index", async () => {
    const reply = await meet("claude", { kind: "wild", way: "no-index" }, true);
    expect(reply.text).not.toContain('"index"');
  });

  it("a way of another wire is refused", () => {
    const set = (provider: SimulatedProvider, way: WildWay): void =>
      simulator().setFault(provider, { kind: "wild", way });
    expect(() => set("groq", "no-index")).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(() => set("claude", "id-per-chunk")).toThrow(expect.objectContaining({ code: "invalid_option" }));
  });
});

describe.each(["wandb", "groq", "openai"] as const)("%s as gateways send it", (provider) => {
  const idsOf = async (way: WildWay): Promise<number> => {
    const reply = await meet(provider, { kind: "wild", way }, true);
    const ids = dataOfEvents(reply).flatMap((data) => (isJson(data) ? [JSON.parse(data).id] : []));
    return new Set(ids).size;
  };

  it("restart and id-per-chunk: other ids", async () => {
    expect(await idsOf("early-stop")).toBeLessThanOrEqual(2);
    expect(await idsOf("restart")).toBe(2);
    expect(await idsOf("id-per-chunk")).toBeGreaterThan(4);
  });

  it("calls-at-end: the complete message in the finishing chunk", async () => {
    const reply = await meet(provider, { kind: "wild", way: "calls-at-end" }, true);
    const last = dataOfEvents(reply).find((data) => FINISH[provider].test(data)) ?? "{}";
    expect(JSON.parse(last).choices[0].message.content).toBe(textOf(provider, reply));
  });
});

/** All text of an answer. */
function textOf(provider: SimulatedProvider, reply: RawReply, stream = true): string {
  if (!stream) {
    const body = JSON.parse(reply.text);
    if (provider !== "claude") return body.choices[0].message.content;
    return body.content.map((block: { text?: string }) => block.text ?? "").join("");
  }
  return dataOfEvents(reply)
    .filter((event) => event !== "[DONE]")
    .map((event) => JSON.parse(event))
    .map((event) => (provider === "claude" ? event.delta?.text : event.choices[0]?.delta?.content) ?? "")
    .join("");
}
