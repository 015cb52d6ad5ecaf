import { isLLMError, type Provider, type StreamPart } from "@babylon/llm-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openaiCompatible } from "./openai-compatible.ts";
import { attemptContext } from "./test-support/attempt-context.ts";
import { expectedOutcome, streams, type WildEnd, type WildEvent } from "./test-support/wild-streams.ts";

function replyOf(wire: string, { divided, end }: { divided: number; end: WildEnd }): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(wire);
  const at = Math.floor(bytes.length * divided);
  const pieces = [bytes.subarray(0, at), bytes.subarray(at)].filter(({ length }) => length > 0);
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (end === "closed") controller.close();
      else controller.error(new TypeError("terminated", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) }));
    },
  });
}

const RUNS = 20_000;

const context = attemptContext();

const REQUEST = { model: "m", messages: [{ role: "user", content: "Hi" }] } as const;

const joined = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

/** The calls, by their number, where each piece of each came once and in order: what has no beginning may be taken for another's. */
function cleanCalls(events: readonly WildEvent[]): readonly number[] {
  const orders = [0, 1, 2].map((number) =>
    events.flatMap((event) => (event.says === "call" && event.call === number ? [event.piece] : [])).join(),
  );
  if (orders.some((order) => order !== "" && order !== "0,1")) return [];
  return orders.flatMap((order, number) => (order === "" ? [] : [number]));
}

function inputsOf(parts: readonly StreamPart[]): ReadonlyMap<string, string> {
  const names = new Map<number, string>();
  const inputs = new Map<string, string>();
  for (const part of parts) {
    if (part.type !== "tool-call") continue;
    if (part.name !== undefined) names.set(part.index, part.name);
    const name = names.get(part.index) ?? "";
    inputs.set(name, (inputs.get(name) ?? "") + part.inputText);
  }
  return inputs;
}

/** The reply to the current request. */
let reply = (): Response => new Response();

const providerOf = (doneIsEnough: boolean): Provider =>
  openaiCompatible({
    id: "acme",
    name: "Acme",
    baseURL: "https://acme.test/v1",
    model: "m",
    wire: { doneIsEnough },
    fetch: async () => reply(),
  });
const plain = providerOf(false);
const marked = providerOf(true);

test("no truncated answer is returned as complete, and no complete one fails: 20,000 random streams", {
  timeout: 120_000,
}, async () => {
  const seen = { whole: 0, broken: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(streams, async ({ wire, events, end, divided, contentType, doneIsEnough }) => {
      fc.pre(wire.trim() !== "");
      const expected = expectedOutcome(events, end, doneIsEnough);
      const headers: Record<string, string> = contentType === null ? {} : { "content-type": contentType };
      reply = () => new Response(replyOf(wire, { divided, end }), { headers });
      const parts: StreamPart[] = [];
      let error: unknown = null;
      try {
        for await (const part of (doneIsEnough ? marked : plain).stream(REQUEST, context)) parts.push(part);
      } catch (thrown) {
        error = thrown;
      }
      const last = parts.at(-1);
      const finish = last?.type === "finish" ? last : null;
      const outcome = error !== null ? "failed" : finish !== null ? "whole" : "broken";
      // A stream without an event is a different error.
      const isSilent = isLLMError(error) && error.message.includes("without any event");
      expect(isSilent ? "broken" : outcome, wire).toBe(expected.outcome);
      if (error === null) expect(joined(parts)).toBe(expected.text);
      if (expected.code !== undefined) expect(isLLMError(error) ? error.code : error).toBe(expected.code);
      if (finish !== null) {
        expect(finish.finishReason).toBe(expected.finishReason);
        const inputs = inputsOf(parts);
        const ends = events.findIndex(({ says }) => says === "done");
        const heard = events.slice(0, expected.heard ?? (ends === -1 ? events.length : ends));
        for (const call of cleanCalls(heard)) {
          expect(inputs.get(`f${call}`)).toBe(`{"n":${call}}`);
        }
      }
      seen[expected.outcome] += 1;
    }),
    { numRuns: RUNS },
  );
  // The generator must produce each kind.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RUNS / 20);
});
