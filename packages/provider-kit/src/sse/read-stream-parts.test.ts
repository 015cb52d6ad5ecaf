import { LLMError, type StreamPart } from "@babylon/llm-core";
import { describe, expect, test, vi } from "vitest";
import type { AttemptFacts } from "../attempt-facts.ts";
import { type EventMapper, readStreamParts, type StreamReply } from "./read-stream-parts.ts";

const facts: AttemptFacts = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };
const FINISH: StreamPart = {
  type: "finish",
  finishReason: "stop",
  rawFinishReason: "stop",
  responseId: null,
  responseModel: null,
};
const text = (said: string): StreamPart => ({ type: "text", text: said });
const USAGE = {
  type: "usage",
  usage: {
    inputTokens: 1,
    outputTokens: null,
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: null,
  },
} satisfies StreamPart;
const malformed = new LLMError({ code: "invalid_response", message: "malformed" });

/** Each event is a text; `both` gives two parts, `count` a count of tokens, `none` none, `bad` throws, `stop` makes it whole, `end` is the marker. */
function mapper(): EventMapper {
  let done = false;
  let whole = false;
  return {
    map({ data }) {
      if (data === "bad") throw malformed;
      if (data === "stop") whole = true;
      if (data === "end") done = true;
      if (data === "both") return [text("b1"), text("b2")];
      if (data === "count") return [USAGE];
      return ["none", "stop", "end"].includes(data) ? [] : [text(data)];
    },
    isDone: () => done,
    isWhole: () => whole,
    end: () => (whole || done ? [FINISH] : []),
  };
}

/** A reply whose body are these pieces, each of them events; an error breaks the connection there. */
function served(
  pieces: readonly (readonly string[] | string | Error)[],
  type = "text/event-stream",
  report?: StreamReply["report"],
  end?: EventMapper["end"],
) {
  const seen = { closed: 0, pulled: 0, bytes: 0 };
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) {
        seen.pulled += 1;
        if (piece instanceof Error) throw piece;
        if (piece === "never") await new Promise(() => {});
        const text = typeof piece === "string" ? piece : piece.map((data) => `data: ${data}\n\n`).join("");
        yield new TextEncoder().encode(text);
      }
    } finally {
      seen.closed += 1;
    }
  }
  const reply: StreamReply = {
    response: {
      status: 200,
      ok: true,
      url: "",
      headers: { get: (name) => (name === "content-type" ? type : null), entries: () => [] },
      body: body(),
      text: async () => "a whole answer",
      json: async () => null,
    },
    facts,
    onBytes() {
      seen.bytes += 1;
    },
    mapper: end === undefined ? mapper() : { ...mapper(), end },
    ...(report === undefined ? {} : { report }),
    isLast: ({ data }) => data === "end",
    fromWhole: (whole) => ({
      text: whole,
      reasoning: [],
      toolCalls: [],
      usage: USAGE.usage,
      finishReason: "stop",
      rawFinishReason: "stop",
      responseId: null,
      responseModel: null,
    }),
  };
  const controller = new AbortController();
  return { seen, controller, parts: readStreamParts(async () => reply, controller.signal) };
}

async function readAll(parts: AsyncIterator<StreamPart>): Promise<{ read: StreamPart[] }> {
  const read: StreamPart[] = [];
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) read.push(next.value);
  return { read };
}

describe("a stream", () => {
  test.each<[string, readonly (readonly string[] | string)[], number]>([
    ["parts with content", [["a"], ["both"], ["b"]], 0],
    ["a comment", [": ping\n\n", ["a"]], 1],
    ["the beginning of an event", ["data: a", "a\n\n", ["b"]], 1],
    ["events without parts", [["none"], ["none", "none"], ["a"]], 2],
    ["an event without a part beside one with content", [["none", "a"]], 0],
    ["counts of tokens", [["a"], ["count"], ["count"]], 2],
    ["a count of tokens after content", [["a", "count"]], 0],
  ])("reports bytes that form no part with content: %s", async (_, pieces, expected) => {
    const { parts, seen } = served([...pieces, ["stop", "end"]]);
    await readAll(parts);
    expect(seen.bytes).toBe(expected);
  });

  test.each<[string, readonly (readonly string[] | Error)[], readonly StreamPart[]]>([
    ["in one chunk", [["a", "both", "stop", "end"]], [text("a"), text("b1"), text("b2"), FINISH]],
    ["in one chunk per event", [["a"], ["both"], ["stop"], ["end"]], [text("a"), text("b1"), text("b2"), FINISH]],
    ["with events without parts", [["none", "none"], ["none"], ["a"], ["end"]], [text("a"), FINISH]],
    ["without its end marker", [["a", "stop"]], [text("a"), FINISH]],
    ["that breaks off", [["a"]], [text("a")]],
    ["that continues after its end", [["a", "end", "b"], ["c"]], [text("a"), FINISH]],
    ["whose connection breaks after its end", [["a", "stop"], new Error("reset")], [text("a"), FINISH]],
  ])("%s", async (_, pieces, expected) => {
    const { parts, seen } = served(pieces);
    const { read } = await readAll(parts);
    expect(read).toEqual(expected);
    expect(seen.closed).toBe(1);
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  test.each<[string, readonly (readonly string[] | Error)[], object]>([
    ["a malformed event", [["a", "bad", "b"]], { code: "invalid_response", message: "malformed" }],
    ["a malformed event after the end was known", [["a", "stop", "bad"]], { code: "invalid_response" }],
    ["a connection that breaks", [["a"], new Error("reset")], { code: "network", provider: "acme" }],
  ])("with %s fails once, after the parts before it", async (_, pieces, expected) => {
    const { parts, seen } = served(pieces);
    expect(await parts.next()).toEqual({ done: false, value: text("a") });
    await expect(readAll(parts)).rejects.toMatchObject(expected);
    expect(seen.closed).toBe(1);
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  test.each(["application/json", "text/event-stream"])(
    "that is not an event stream is a JSON answer, also as %s",
    async (type) => {
      const { parts } = served([' {"a": ', "1}"], type);
      const { read } = await readAll(parts);
      expect(read.map(({ type }) => type)).toEqual(["text", "usage", "finish"]);
      expect(read[0]).toEqual(text(' {"a": 1}'));
    },
  );

  test.each(["application/json", "text/html"])("of events is an event stream, also as %s", async (type) => {
    const { parts } = served([["a", "stop"]], type);
    expect((await readAll(parts)).read).toEqual([text("a"), FINISH]);
  });

  test("that is complete and does not end is returned after a limit, and its socket is closed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { parts, seen } = served([["a", "stop"], "never"]);
      const all = readAll(parts);
      await vi.advanceTimersByTimeAsync(4_900);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(100);
      expect((await all).read).toEqual([text("a"), FINISH]);
      expect(vi.getTimerCount()).toBe(0);
      expect(seen.pulled).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test("reports when it is complete", async () => {
    const reports: unknown[] = [];
    const { parts } = served([["a"], ["stop"], ["none"]], undefined, (report) => reports.push(report));
    await readAll(parts);
    expect(reports).toEqual([{ whole: true }]);
  });
});

test("nothing is sent before the first read", async () => {
  let sent = 0;
  const parts = readStreamParts(() => {
    sent += 1;
    return Promise.reject(new Error("not sent"));
  }, new AbortController().signal);
  expect(sent).toBe(0);
  await expect(parts.next()).rejects.toThrow("not sent");
  expect(sent).toBe(1);
});

test("return() closes the body at once and reads no more", async () => {
  const { parts, seen } = served([["a", "b"], ["c"], ["d"]]);
  expect(await parts.next()).toMatchObject({ value: text("a") });
  await parts.return?.();
  expect(seen).toMatchObject({ closed: 1, pulled: 1 });
  expect(await parts.next()).toEqual({ done: true, value: undefined });
});

test("it fails with the reason of an aborted signal", async () => {
  const { parts, controller } = served([["a"], new Error("closed by the abort")]);
  await parts.next();
  controller.abort(new LLMError({ code: "deadline", message: "too late" }));
  await expect(parts.next()).rejects.toMatchObject({ code: "deadline" });
});

test("an answer that is an error when its end is overdue fails its reader", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const refused = new LLMError({ code: "content_filter", message: "refused" });
    const { parts } = served([["stop"], "never"], "text/event-stream", undefined, () => {
      throw refused;
    });
    const next = parts.next();
    const outcome = next.then(
      () => "a part",
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toMatchObject({ code: "content_filter" });
  } finally {
    vi.useRealTimers();
  }
});
