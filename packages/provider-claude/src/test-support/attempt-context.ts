import {
  type AttemptContext,
  type ModelRequest,
  type ResponseHead,
  type StreamPart,
  systemClock,
} from "@babylon/llm-core";

/** A key that no error may contain. Its format is not recognizable as a key. */
export const KEY = "correct.horse.battery.staple";

/** An attempt's context that records the reported heads. */
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

/** The parts of a stream, and its error. */
export async function collect(stream: AsyncIterable<StreamPart>): Promise<{ parts: StreamPart[]; thrown: unknown }> {
  const parts: StreamPart[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { parts, thrown: null };
  } catch (thrown) {
    return { parts, thrown };
  }
}

/** The rejection of a promise. */
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
