import type { StreamPart } from "@babylon/llm-core";
import type { TransportResponse } from "@babylon/provider-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { replySource } from "../test-support/reply-source.ts";
import {
  expectedOutcome,
  type WildOutcome,
  type WildStream,
  wildStreams,
  writeWild,
} from "../test-support/wild-stream.ts";
import { fromStream } from "./from-stream.ts";

const RUNS = 20_000;
/** It takes about 5 s on an idle machine. */
const TIMEOUT_MS = 120_000;
const NEVER_ABORTED = new AbortController().signal;

async function* bodyOf(stream: WildStream): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(writeWild(stream));
  for (let at = 0; at < bytes.length; at += stream.pieceBytes) yield bytes.subarray(at, at + stream.pieceBytes);
  if (stream.end === "reset") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
}

/** The result of the adapter for a stream. */
async function readWild(stream: WildStream): Promise<WildOutcome> {
  const source = replySource();
  const response: TransportResponse = {
    ok: true,
    status: 200,
    url: "",
    headers: { get: () => "text/event-stream", entries: () => [] },
    body: bodyOf(stream),
    text: () => Promise.reject(new Error("not read so")),
    json: () => Promise.reject(new Error("not read so")),
  };
  let text = "";
  let last: StreamPart["type"] | null = null;
  try {
    for await (const part of fromStream(async () => ({ response, source }), NEVER_ABORTED)) {
      if (part.type === "text") text += part.text;
      last = part.type;
    }
    return { end: last === "finish" ? "whole" : "broken", text };
  } catch {
    return { end: "failed", text };
  }
}

it(
  `${RUNS} random streams: no truncated answer is returned as complete, and no complete one fails`,
  async () => {
    const ends = { whole: 0, broken: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(wildStreams, async (stream) => {
        const expected = expectedOutcome(stream);
        ends[expected.end] += 1;
        const read = await readWild(stream);
        // `expect` is slow.
        if (read.end !== expected.end || read.text !== expected.text) expect(read).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
    // The generator produces enough streams of each kind.
    for (const count of Object.values(ends)) expect(count).toBeGreaterThan(RUNS / 50);
  },
  TIMEOUT_MS,
);
