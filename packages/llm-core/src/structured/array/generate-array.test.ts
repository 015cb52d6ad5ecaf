import { type MockCall, type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { collect, failure, testBed } from "../../test-support/test-bed.ts";
import { askedIds, type Decision, decisions, decisionSchema as element, idOf, idsOf } from "../fixtures/decisions.ts";

// Loaded on first use; the fake clock would not wait for the disk.
import "./generate-array.ts";
import "../check-tool-call.ts";

const prompt = "Decide for every character.";
const all = decisions(1, 6);
const expected = { ids: idsOf(all), idOf };
const answer = (items: readonly unknown[]): MockStep => ({ text: JSON.stringify({ items }) });
const cutAfter = (items: readonly unknown[], more: unknown): MockStep => ({
  text: `${JSON.stringify({ items }).slice(0, -2)}${items.length > 0 ? "," : ""}${JSON.stringify(more).slice(0, -3)}`,
  finishReason: "length",
});
/** Answers what it is asked for. */
const obedient = (call: MockCall): MockStep =>
  answer(all.filter(({ npcId }) => askedIds(call.request).includes(npcId)));

describe("generateArray", () => {
  it("returns all elements in the order of the ids, from one request if they fit", async () => {
    const bed = testBed({ a: answer(all.toReversed()) });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(all);
    expect(result).toMatchObject({ missing: [], rejected: [], failures: [], warnings: [], provider: "a" });
    expect(bed.called).toEqual(["a"]);
  });

  it("keeps what is valid and asks the same link for the rest, naming it", async () => {
    const broken = { ...all[2], amount: "many" };
    const bed = testBed({ a: [answer([...decisions(1, 2), broken, ...decisions(4, 5)]), answer([all[2], all[5]])] });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(all);
    expect(result.rejected).toMatchObject([{ value: broken, reason: "invalid", issues: [{ path: ["amount"] }] }]);
    const second = bed.provider("a").calls[1]?.request;
    expect(second === undefined ? [] : askedIds(second)).toEqual(["npc-3", "npc-6"]);
    expect(result.attempts.map(({ outcome }) => outcome)).toEqual(["failed", "success"]);
    expect(JSON.parse(result.text)).toEqual(all);
  });

  it("asks the next link only for the missing elements", async () => {
    const bed = testBed({ a: answer(decisions(1, 4)), b: mockProvider({ id: "b", steps: obedient }) });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(all);
    expect(bed.called).toEqual(["a", "a", "b"]);
    expect(askedIds(bed.provider("b").calls[0]?.request ?? { messages: [] })).toEqual(["npc-5", "npc-6"]);
  });

  it("keeps the complete elements of each cut answer", async () => {
    const bed = testBed({
      a: [cutAfter(decisions(1, 2), all[2]), cutAfter(decisions(3, 4), all[4]), answer(decisions(5, 6))],
    });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected, maxReasks: 0 }));
    expect(result.items).toEqual(all);
    expect(bed.provider("a").calls.map(({ request }) => askedIds(request).length)).toEqual([6, 4, 2]);
    expect(result.attempts.map(({ error }) => error?.code)).toEqual(["truncated", "truncated", undefined]);
  });

  it("asks for a longer answer if a cut one had no complete element", async () => {
    const bed = testBed({ a: [cutAfter([], all[0]), answer(all)] });
    const result = await bed.value(
      bed.llm.generateArray({ element, prompt, expected, elementsPerRequest: 6, maxOutputTokens: 200 }),
    );
    expect(result.items).toEqual(all);
    expect(bed.provider("a").calls.map(({ request }) => request.maxOutputTokens)).toEqual([200, 800]);
  });

  it("keeps the complete elements of an answer that broke off", async () => {
    const text = [JSON.stringify(decisions(1, 3)).slice(0, -1), ',{"npcId":"npc-4"', ',"action"'];
    const bed = testBed(
      { a: { text, error: failure("server"), failAfter: 2 }, b: mockProvider({ id: "b", steps: obedient }) },
      { retry: { maxRetries: 0 } },
    );
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(all);
    expect(askedIds(bed.provider("b").calls[0]?.request ?? { messages: [] })).toEqual(["npc-4", "npc-5", "npc-6"]);
  });

  it("drops and reports duplicates, unexpected ids, and ids of another type", async () => {
    const twice = { ...all[0], amount: 99 };
    const stranger = { ...all[0], npcId: "npc-99" };
    const bed = testBed({ a: answer([...all, twice, stranger]) });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(all);
    expect(result.rejected.map(({ value, reason }) => [value, reason])).toEqual([
      [twice, "duplicate"],
      [stranger, "unexpected"],
    ]);
    const numbers = { ids: [1], idOf: (one: { id: string | number }) => one.id };
    const other = testBed({ a: answer([{ id: "1" }]) });
    const error = await other.error(
      other.llm.generateArray({
        element: z.object({ id: z.union([z.string(), z.number()]) }),
        prompt,
        expected: numbers,
      }),
    );
    expect(error.code).toBe("schema_mismatch");
  });

  it("reports missing elements with the error if no link gives them", async () => {
    const bed = testBed({ a: answer(decisions(1, 4)), b: answer(decisions(1, 5)) });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected }));
    expect(result.items).toEqual(decisions(1, 5));
    expect(result.missing).toEqual(["npc-6"]);
    expect(result.failures).toMatchObject([{ missing: ["npc-6"], error: { code: "all_failed" } }]);
    expect(result.warnings).toContain("1 of 6 elements are missing");
    expect(bed.records[0]).toMatchObject({ outcome: "success", warnings: ["1 of 6 elements are missing"] });
  });

  it("fails when there is no element at all", async () => {
    const bed = testBed({ a: { text: "I'd rather not." } });
    const error = await bed.error(bed.llm.generateArray({ element, prompt, expected }));
    expect(error.code).toBe("schema_mismatch");
    expect(bed.records[0]).toMatchObject({ outcome: "failed" });
  });

  it("returns the collected elements at the deadline", async () => {
    const slow = (call: MockCall): MockStep =>
      askedIds(call.request).includes("npc-1") ? obedient(call) : { hang: true };
    const bed = testBed({ a: mockProvider({ id: "a", steps: slow }) });
    const { value, atMs } = await bed.ending(
      bed.llm.generateArray({
        element,
        prompt,
        expected,
        elementsPerRequest: 3,
        timeouts: { totalMs: 2_000, firstTokenMs: null },
      }),
    );
    expect(value?.items).toEqual(decisions(1, 3));
    expect(value?.missing).toEqual(["npc-4", "npc-5", "npc-6"]);
    expect(value?.failures[0]?.error.code).toBe("deadline");
    expect(atMs).toBeLessThanOrEqual(2_050);
    expect(bed.records).toHaveLength(1);
  });

  it("aborts as a whole", async () => {
    const bed = testBed({
      a: mockProvider({ id: "a", steps: (call) => (call.number === 1 ? obedient(call) : { hang: true }) }),
    });
    const promise = bed.llm.generateArray({
      element,
      prompt,
      expected,
      elementsPerRequest: 3,
      abortSignal: bed.controller.signal,
    });
    bed.watch(promise);
    await bed.clock.advance(50);
    bed.controller.abort(new Error("enough"));
    expect((await bed.ending(promise)).error?.code).toBe("aborted");
  });

  it("splits, asks in parallel, and merges in order, as one call", async () => {
    const bed = testBed({
      a: mockProvider({ id: "a", steps: (call) => ({ ...obedient(call), delayMs: 100 - 20 * call.number }) }),
    });
    const { value, atMs } = await bed.ending(
      bed.llm.generateArray({ element, prompt, expected, elementsPerRequest: 2 }),
    );
    expect(value?.items).toEqual(all);
    expect(bed.provider("a").calls.map(({ request }) => askedIds(request))).toEqual([
      ["npc-1", "npc-2"],
      ["npc-3", "npc-4"],
      ["npc-5", "npc-6"],
    ]);
    expect(atMs).toBeLessThanOrEqual(100);
    expect(bed.records).toHaveLength(1);
    expect(bed.records[0]?.attempts).toHaveLength(3);
    expect(value?.usage.outputTokens).toBe(15);
  });

  it("keeps to the provider's concurrency", async () => {
    let most = 0;
    const provider = mockProvider({
      id: "a",
      steps: (call) => {
        most = Math.max(most, provider.active);
        return { ...obedient(call), delayMs: 10 };
      },
    });
    const bed = testBed({ a: provider }, { maxConcurrency: 2 });
    const result = await bed.value(bed.llm.generateArray({ element, prompt, expected, elementsPerRequest: 1 }));
    expect(result.items).toEqual(all);
    expect(most).toBeLessThanOrEqual(2);
  });

  describe("with a count", () => {
    const word = z.object({ word: z.string() });
    const words = (...list: string[]) => list.map((one) => ({ word: one }));

    it("asks for so many and drops the surplus", async () => {
      const bed = testBed({ a: answer(words("a", "b", "c")) });
      const result = await bed.value(bed.llm.generateArray({ element: word, prompt, expected: { count: 2 } }));
      expect(result.items).toEqual(words("a", "b"));
      expect(result.rejected).toMatchObject([{ value: { word: "c" }, reason: "surplus" }]);
    });

    it("asks for as many more, and takes nothing twice", async () => {
      const bed = testBed({ a: [cutAfter(words("a", "b"), words("c")[0]), answer(words("b", "c", "d"))] });
      const result = await bed.value(bed.llm.generateArray({ element: word, prompt, expected: { count: 4 } }));
      expect(result.items).toEqual(words("a", "b", "c", "d"));
      expect(result.rejected).toMatchObject([{ value: { word: "b" }, reason: "duplicate" }]);
      expect(JSON.stringify(bed.provider("a").calls[1]?.request.messages)).toContain("Expected count: 2");
    });

    it("reports the missing positions", async () => {
      const bed = testBed({ a: mockProvider({ id: "a", steps: (call) => answer(words(`${call.number}`)) }) });
      const result = await bed.value(
        bed.llm.generateArray({ element: word, prompt, expected: { count: 4 }, elementsPerRequest: 2, maxReasks: 0 }),
      );
      expect(result.items).toHaveLength(2);
      expect(result.missing).toEqual([1, 3]);
    });
  });

  describe("without expectation", () => {
    it("accepts any number of elements, including none", async () => {
      const bed = testBed({ a: [answer(all), answer([])] });
      expect((await bed.value(bed.llm.generateArray({ element, prompt }))).items).toEqual(all);
      expect(await bed.value(bed.llm.generateArray({ element, prompt }))).toMatchObject({ items: [], missing: [] });
    });

    it("asks for the rest of a cut answer", async () => {
      const bed = testBed({ a: [cutAfter(decisions(1, 3), all[3]), answer(decisions(4, 6))] });
      const result = await bed.value(bed.llm.generateArray({ element, prompt }));
      expect(result.items).toEqual(all);
      expect(result.missing).toEqual([]);
    });

    it("reports missing as null if the rest is never given", async () => {
      const bed = testBed({ a: [cutAfter(decisions(1, 3), all[3]), { error: failure("auth") }] });
      const result = await bed.value(bed.llm.generateArray({ element, prompt }));
      expect(result.items).toEqual(decisions(1, 3));
      expect(result.missing).toBeNull();
      expect(result.warnings).toContain("the array was cut: the number of missing elements is unknown");
    });
  });
});

describe("streamArray", () => {
  const pieces = (items: readonly Decision[]) => JSON.stringify({ items }).match(/.{1,7}/gs) ?? [];

  it("yields each element as soon as it is complete", async () => {
    const bed = testBed({ a: { text: pieces(all), gapMs: 10 } });
    const stream = bed.llm.streamArray({ element, prompt, expected });
    const seen: [number, string][] = [];
    const reading = (async () => {
      for await (const item of stream) seen.push([bed.clock.monotonic(), item.npcId]);
    })();
    await bed.value(reading);
    expect(seen.map(([, id]) => id)).toEqual(idsOf(all));
    const times = seen.map(([at]) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(all.length);
    expect((await stream.result).items).toEqual(all);
    expect((await stream.result).rejected).toEqual([]);
  });

  it("never yields an element twice, whatever fails", async () => {
    const bed = testBed(
      {
        a: [{ text: pieces(all), error: failure("server"), failAfter: 14 }],
        b: [cutAfter(decisions(3, 4), all[4]), answer([...decisions(1, 2), ...decisions(5, 6)])],
      },
      { retry: { maxRetries: 0 } },
    );
    const stream = bed.llm.streamArray({ element, prompt, expected });
    const { events } = await collect(stream);
    expect(idsOf(events).toSorted()).toEqual(idsOf(all));
    expect((await stream.result).items).toEqual(all);
  });

  it("yields malformed elements at the end of the answer", async () => {
    const sloppy = { text: `[{npcId:"npc-1",action:"hold",amount:1,},${JSON.stringify(all[1])}]` };
    const bed = testBed({ a: sloppy });
    const two = { ids: ["npc-1", "npc-2"], idOf };
    const { events } = await collect(bed.llm.streamArray({ element, prompt, expected: two }));
    expect(idsOf(events).toSorted()).toEqual(["npc-1", "npc-2"]);
  });

  it("keeps the elements that were shown before a content filter", async () => {
    const bed = testBed({ a: { text: JSON.stringify({ items: all.slice(0, 2) }), finishReason: "content-filter" } });
    const stream = bed.llm.streamArray({ element, prompt, expected });
    const { events } = await collect(stream);
    expect(events).toEqual(all.slice(0, 2));
    expect(await stream.result).toMatchObject({
      items: all.slice(0, 2),
      missing: idsOf(all.slice(2)),
      failures: [{ error: { code: "content_filter" } }],
    });
  });

  it("ends the call when its reader leaves", async () => {
    const bed = testBed({ a: { text: pieces(all), stallAfter: 20 } });
    const stream = bed.llm.streamArray({ element, prompt, expected });
    for await (const item of stream) {
      expect(item.npcId).toBe("npc-1");
      break;
    }
    await expect(stream.result).rejects.toMatchObject({ code: "aborted" });
    expect(bed.records[0]).toMatchObject({ outcome: "aborted" });
  });

  it("does not start before the first read, and drains for its result", async () => {
    const bed = testBed({ a: answer(all) });
    const stream = bed.llm.streamArray({ element, prompt, expected });
    await bed.clock.advance(10);
    expect(bed.called).toEqual([]);
    expect((await bed.value(stream.result)).items).toEqual(all);
    await bed.llm.streamArray({ element, prompt, expected }).cancel();
    expect(bed.called).toEqual(["a"]);
  });
});
