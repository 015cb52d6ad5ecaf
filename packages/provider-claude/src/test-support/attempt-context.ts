import {
  type AttemptContext,
  type ModelRequest,
  type ResponseHead,
  type StreamPart,
  systemClock,
} from "@babylon/llm-core";

/** A key that no error may hold. It has no shape that gives it away. */
export const KEY = "correct.horse.battery.staple";

/** A context as core makes it, which keeps the heads it is told of. */
export interface TestContext extends AttemptContext {
  readonly heads: ResponseHead[];
}

export function attemptContext(changes: Partial<AttemptContext> = {}): TestContext {
  const heads: ResponseHead[] = [];
  return {
    signal: new AbortController().signal,
    env: {},
    clock: systemClock,
    callId: "call-1",
    credentials: null,
    limitMs: null,
    onResponse: (head) => heads.push(head),
    ...changes,
    heads,
  };
}

export const REQUEST: ModelRequest = { model: "claude-sonnet-5-5", messages: [{ role: "user", content: "Hi" }] };

/** The parts of a stream, and what ended it. */
export async function collect(stream: AsyncIterable<StreamPart>): Promise<{ parts: StreamPart[]; thrown: unknown }> {
  const parts: StreamPart[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { parts, thrown: null };
  } catch (thrown) {
    return { parts, thrown };
  }
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}

/** The text of a stream's parts. */
export const textOf = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");
