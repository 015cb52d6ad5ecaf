import type { ReplySource } from "../reply/reply-source.ts";

/** The reply source of a mapper's test. */
export function replySource(headers: Record<string, string> = {}): ReplySource {
  return {
    response: { status: 200, headers: new Headers({ "request-id": "req_1", ...headers }) },
    facts: { provider: "claude", name: "Claude", model: "claude-sonnet-5-5", callId: "call-1", secrets: [] },
    nowMs: Date.UTC(2026, 10, 22),
  };
}

/** The error that a function throws. */
export function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
