import { type MockCall, type MockProvider, type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { OnInterrupted } from "../contract/call-options.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import type { TextResult } from "../contract/result.ts";
import type { ToolCall } from "../contract/tool.ts";
import { isLLMError, type LLMError } from "../errors/llm-error.ts";
import { collect, failure, testBed } from "../test-support/test-bed.ts";
import type { StreamEvent } from "./stream-event.ts";
import type { TextStream } from "./text-stream.ts";

// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/array/generate-array.ts";
import "../structured/object/generate-object.ts";

const tools = { look: { inputSchema: { type: "object" } } };
const WORDS = ["one ", "two ", "three ", "four "];
const WHOLE = "eins zwei drei vier";
const REST = "five six";

const text = (...pieces: string[]): StreamPart[] => pieces.map((piece) => ({ type: "text", text: piece }));
const thought = (...pieces: string[]): StreamPart[] => pieces.map((piece) => ({ type: "reasoning", text: piece }));
const call = (index: number, inputText: string): StreamPart => ({
  type: "tool-call",
  index,
  id: `t${index}`,
  name: "look",
  inputText,
});
const toolCall = [call(0, '{"at"'), call(0, ":1}")];

/** Where the first link breaks off: the parts before the break. */
const PLACES: Readonly<Record<string, readonly StreamPart[]>> = {
  "before anything": [],
  "during reasoning": thought("hm ", "hm"),
  "after blanks": text(" \n"),
  "in the first word": text("on"),
  "after text": text(...WORDS),
  "after reasoning and text": [...thought("hm"), ...text(...WORDS)],
  "during reasoning after text": [...text(...WORDS), ...thought("hm")],
  "in the middle of a tool call": toolCall.slice(0, 1),
  "after a tool call": [...toolCall, call(1, "{")],
  "in the middle of a tool call after text": [...text(...WORDS), ...toolCall.slice(0, 1)],
  "after text and a tool call": [...text(...WORDS), ...toolCall, call(1, "{")],
  "in the middle of a JSON value": text('{"name": "A', 'da", "ag'),
  "in the middle of a code fence": text("```ts\nconst a", " = [1, 2"),
};

/** How the first link breaks off. */
const BREAKS: Readonly<Record<string, Pick<MockStep, "error" | "stallAfter" | "truncate">>> = {
  "a lost connection": { error: failure("network") },
  "an error of the server": { error: failure("server") },
  "a rejected key": { error: failure("auth") },
  "an end without an end marker": { truncate: true },
  silence: { stallAfter: 0 },
};

const isContinuation = ({ request }: MockCall): boolean => request.messages.at(-1)?.role === "assistant";
const good = { reasoning: "so ", text: [...(WHOLE.match(/\S+\s*/g) ?? [])] };
const goesOn: MockStep = { reasoning: "and ", text: ["five ", "six"] };

/** How a link handles the text of another one. */
const ABILITIES: Readonly<Record<string, (id: string) => MockProvider>> = {
  continues: (id) => mockProvider({ id, steps: (of) => (isContinuation(of) ? goesOn : good) }),
  cannot: (id) => mockProvider({ id, steps: [good], capabilities: { assistantPrefill: false } }),
  refuses: (id) =>
    mockProvider({ id, steps: (of) => (isContinuation(of) ? { error: failure("invalid_request") } : good) }),
  "starts again": (id) =>
    mockProvider({
      id,
      steps: (of) => {
        const last = of.request.messages.at(-1);
        return isContinuation(of) && typeof last?.content === "string"
          ? { text: [last.content.slice(0, 5), last.content.slice(5), " ", "five"] }
          : good;
      },
    }),
  "fails at once": (id) => mockProvider({ id, steps: [{ error: failure("auth") }] }),
  "breaks off, too": (id) =>
    mockProvider({
      id,
      steps: (of) => ({
        reasoning: "hm",
        text: isContinuation(of) ? "five " : "eins ",
        error: failure("auth"),
        failAfter: 2,
      }),
    }),
};

/** The links after the first one. */
const CHAINS: readonly (readonly string[])[] = [
  [],
  ["continues"],
  ["cannot"],
  ["refuses"],
  ["starts again"],
  ["cannot", "continues"],
  ["refuses", "continues"],
  ["starts again", "continues"],
  ["fails at once", "cannot"],
  ["fails at once", "continues"],
  ["breaks off, too", "cannot"],
  ["breaks off, too", "continues"],
  ["cannot", "cannot"],
];

/** What a reader has received at the end. */
interface Seen {
  readonly text: string;
  /** `null`: the reader gets none. */
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[] | null;
  /** Whether anything was withdrawn. */
  readonly restarts: number;
  readonly result: TextResult | null;
  readonly error: LLMError | null;
}
type Reader = (stream: TextStream) => Promise<Seen>;

const nothing = { reasoning: null, toolCalls: null, restarts: 0, result: null };

const readEvents: Reader = async (stream) => {
  const { events, error } = await collect(stream);
  return { ...follow(events), error, result: error === null ? await stream.result : null };
};

/** The result of applying the events as the guide describes. */
function follow(events: readonly StreamEvent[]) {
  let seen = { text: "", reasoning: "", toolCalls: [] as readonly ToolCall[], restarts: 0 };
  for (const event of events) {
    if (event.type === "text") seen = { ...seen, text: seen.text + event.text };
    else if (event.type === "reasoning") seen = { ...seen, reasoning: seen.reasoning + event.text };
    else if (event.type === "tool-call") seen = { ...seen, toolCalls: [...seen.toolCalls, event.toolCall] };
    else if (event.type === "reasoning-discarded") {
      expect(event.discardedText).toBe(seen.reasoning);
      seen = { ...seen, reasoning: "" };
    } else if (event.type === "restart") {
      expect(event.discardedText).toBe(seen.text);
      seen = { ...seen, text: "", toolCalls: [], restarts: seen.restarts + 1 };
    }
  }
  return seen;
}

const READERS: Readonly<Record<string, Reader>> = {
  events: readEvents,
  async textStream(stream) {
    const { events, error } = await collect(stream.textStream);
    return { ...nothing, text: events.join(""), error, result: error === null ? await stream.result : null };
  },
  async snapshots(stream) {
    const { events, error } = await collect(stream.snapshots);
    const restarts = events.filter((snapshot) => snapshot === "").length;
    return {
      ...nothing,
      text: events.at(-1) ?? "",
      restarts,
      error,
      result: error === null ? await stream.result : null,
    };
  },
  async "events, several pending reads"(stream) {
    const iterator = stream[Symbol.asyncIterator]();
    const events: StreamEvent[] = [];
    let error: LLMError | null = null;
    for (let done = false; !done; ) {
      for (const read of await Promise.allSettled([iterator.next(), iterator.next(), iterator.next()])) {
        if (read.status === "fulfilled" && read.value.done !== true) events.push(read.value.value);
        else done = true;
        if (read.status === "rejected" && isLLMError(read.reason)) error = read.reason;
      }
    }
    return { ...follow(events), error, result: error === null ? await stream.result : null };
  },
  async result(stream) {
    try {
      const result = await stream.result;
      return { ...nothing, text: result.text, error: null, result };
    } catch (thrown) {
      if (!isLLMError(thrown)) throw thrown;
      return { ...nothing, text: "", error: thrown };
    }
  },
};

const POLICIES: readonly OnInterrupted[] = ["throw", "restart", "continue"];
const textOf = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

/** The text is too short to distinguish a continuation from a restart. */
const TOO_SHORT = 6;

/** An answer is from one link, or has seams, each at the end of a link's text. */
function expectAnswer(result: TextResult, before: string, policy: OnInterrupted): void {
  if (result.seams.length === 0) {
    expect(result.text).toBe(WHOLE);
    return;
  }
  expect(policy).toBe("continue");
  if (before.trim().length < TOO_SHORT && result.text === `${before}${before.trim()} five`) return;
  const starts = [before, "eins "].filter((start) => start.trim() !== "");
  const joined = starts.flatMap((start) => [start + REST, `${start}five ${REST}`]);
  expect(joined).toContain(result.text);
  const pieces = [...result.seams.map(({ at }) => at), result.text.length].map((end, index) =>
    result.text.slice(result.seams[index - 1]?.at ?? 0, end),
  );
  expect(starts).toContain(pieces[0]);
  expect(pieces.slice(1, -1).every((piece) => piece === "five ")).toBe(true);
  expect(pieces.at(-1)).toBe(REST);
}

interface Case {
  readonly reader: string;
  readonly policy: OnInterrupted;
  readonly place: string;
  readonly chain: readonly string[];
}

/** How the first link breaks off after the parts of a place. */
function firstStep(parts: readonly StreamPart[], broken: (typeof BREAKS)[string]): MockStep {
  if (broken.truncate === true) return { parts, truncate: true };
  const more = { parts: [...parts, ...text("never emitted")] };
  return broken.error === undefined
    ? { ...more, stallAfter: parts.length }
    : { ...more, error: broken.error, failAfter: parts.length };
}

/** Whether the call must be served: a link can, and no emitted content prevents it. */
function isServed({ reader, policy, place, chain }: Case, before: string): boolean {
  const reads = reader !== "result";
  const goesOn = chain.includes("continues") || (before.trim().length < TOO_SHORT && chain[0] === "starts again");
  const isBound = before !== "" || (reader.startsWith("events") && /after .*a tool call$/.test(place));
  if (reads && isBound && policy === "throw") return false;
  if (reader === "textStream" && before !== "") return before.trim() !== "" && !place.includes("tool call") && goesOn;
  // The second link emits something, too.
  if (reads && chain[0] === "breaks off, too" && policy === "throw") return false;
  if (reader === "textStream" && chain[0] === "breaks off, too") return goesOn;
  return chain.some((ability) => ability !== "fails at once" && ability !== "breaks off, too");
}

async function expectNothingFalse(of: Case, broken: (typeof BREAKS)[string], label: string): Promise<void> {
  const { reader, policy, place, chain } = of;
  const parts = PLACES[place] ?? [];
  const before = textOf(parts);
  const others = chain.map((ability, index) => {
    const id = "bc".charAt(index);
    return [id, ABILITIES[ability]?.(id) ?? {}] as const;
  });
  const a = mockProvider({ id: "a", steps: [firstStep(parts, broken)], capabilities: { assistantPrefill: false } });
  const bed = testBed({ a, ...Object.fromEntries(others) }, { retry: { maxRetries: 0 } });
  const stream = bed.llm.streamText({ prompt: "x", tools, onInterrupted: policy, timeouts: { idleMs: 50 } });
  if (reader === "textStream" && policy === "restart") {
    expect(() => stream.textStream).toThrow(expect.objectContaining({ code: "invalid_input" }));
    return;
  }
  const { result, error, ...seen } = await bed.value((READERS[reader] ?? readEvents)(stream));
  if (result !== null) {
    expect(seen.text, label).toBe(result.text);
    expectAnswer(result, before, policy);
    if (seen.reasoning !== null) expect(seen.reasoning, label).toBe(result.reasoning ?? "");
    if (seen.toolCalls !== null) expect(seen.toolCalls, label).toEqual(result.toolCalls);
  } else if (isLLMError(error, "interrupted")) expect(error.partialText, label).toBe(seen.text);
  else expect(seen.text, label).toBe("");
  expect(error === null, label).toBe(isServed(of, before));
}

describe.each(Object.keys(READERS))("read as %s", (reader) => {
  describe.each(POLICIES)("onInterrupted %s", (policy) => {
    it.each(Object.keys(PLACES))(
      "broken off %s: the emitted content equals the answer, or the error has it",
      async (place) => {
        for (const [turn, chain] of CHAINS.entries()) {
          // Each place has every kind of break, each chain a different one.
          for (const [how, broken] of Object.entries(BREAKS).filter((_, kind) => (kind + turn) % 3 === 0)) {
            await expectNothingFalse({ reader, policy, place, chain }, broken, `${how}, then ${chain.join(", ")}`);
          }
        }
      },
    );
  });
});

describe("item streams yield only what is in the result", () => {
  const item = z.object({ id: z.string(), tags: z.array(z.string()) });
  const items = ["a", "b", "c", "d"].map((id) => ({ id, tags: [`${id}1`, `${id}2`] }));
  const whole = JSON.stringify({ items });
  const cuts = Array.from({ length: whole.length + 1 }, (_, at) => at);
  const obedient = ({ request }: MockCall): MockStep => {
    const last = JSON.stringify(request.messages.at(-1)?.content ?? "");
    const ids = /Expected ids: (\[.*?\])/.exec(last)?.[1];
    const missing = ids === undefined ? null : new Set<string>(JSON.parse(ids.replaceAll("\\", "")));
    return { text: JSON.stringify({ items: items.filter(({ id }) => missing === null || missing.has(id)) }) };
  };

  it.each<[string, object, readonly (typeof items)[number][]]>([
    ["ids", { expected: { ids: items.map(({ id }) => id), idOf: (one: { id: string }) => one.id } }, items],
    ["a count", { expected: { count: 4 } }, items],
    ["nothing", {}, items],
  ])("streamArray with %s, broken off at every character", async (_, expected, all) => {
    for (const at of cuts) {
      const a: MockStep = { text: [whole.slice(0, at), "x"], error: failure("server"), failAfter: at === 0 ? 0 : 1 };
      const bed = testBed({ a, b: mockProvider({ id: "b", steps: obedient }) }, { retry: { maxRetries: 0 } });
      const stream = bed.llm.streamArray({ element: item, prompt: "x", ...expected });
      const { events, error } = await bed.value(collect(stream));
      const result = await stream.result;
      expect(error).toBeNull();
      expect(events.toSorted((x, y) => (x.id < y.id ? -1 : 1))).toEqual(all);
      expect(result.items.toSorted((x, y) => (x.id < y.id ? -1 : 1))).toEqual(all);
    }
  });

  it("streamArray keeps the yielded elements if the rest is never given", async () => {
    for (const at of cuts) {
      const a: MockStep = { text: [whole.slice(0, at), "x"], error: failure("server"), failAfter: at === 0 ? 0 : 1 };
      const bed = testBed({ a, b: { error: failure("auth") } }, { retry: { maxRetries: 0 } });
      const stream = bed.llm.streamArray({ element: item, prompt: "x", expected: { count: 4 } });
      const { events, error } = await bed.value(collect(stream));
      if (error === null) expect((await stream.result).items).toEqual(events);
      else expect(events).toEqual([]);
    }
  });

  it("closed after any element, attempt and call have the same outcome", async () => {
    for (let leaveAfter = 1; leaveAfter <= items.length; leaveAfter += 1) {
      const bed = testBed({ a: { text: whole.match(/.{1,9}/g) ?? [] } });
      const stream = bed.llm.streamArray({ element: item, prompt: "x", expected: { count: 4 } });
      const { result } = stream;
      const leave = async (): Promise<void> => {
        let taken = 0;
        for await (const _ of stream) {
          taken += 1;
          if (taken === leaveAfter) break;
        }
      };
      await bed.value(leave());
      const ending = await bed.ending(result);
      const [record] = bed.records;
      expect(record?.outcome).toBe(record?.attempts[0]?.outcome);
      expect(record?.outcome).toBe(ending.error === undefined ? "success" : "aborted");
    }
  });

  it("streamObject ends with the members of the result, and of no other answer, broken off at every character", async () => {
    const schema = z.object({ name: z.string(), tags: z.array(z.string()), note: z.string().optional() });
    const first = JSON.stringify({ name: "of a", tags: ["a"], note: "only a has one" });
    const second = { name: "of b", tags: ["b", "c"] };
    for (let at = 0; at < first.length; at += 1) {
      for (const sloppy of [false, true]) {
        const a: MockStep = { text: [first.slice(0, at), "x"], error: failure("server"), failAfter: at === 0 ? 0 : 1 };
        const b = { text: sloppy ? "{name:'of b',tags:['b','c'],}" : JSON.stringify(second) };
        const bed = testBed({ a, b }, { retry: { maxRetries: 0 } });
        const stream = bed.llm.streamObject({ schema, prompt: "x" });
        const { events } = await bed.value(collect(stream));
        expect((await stream.result).object).toEqual(second);
        expect(events.at(-1) ?? {}).toEqual(sloppy ? {} : second);
      }
    }
  });
});
