import type { TextResult } from "../contract/result.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import type { StreamEvent } from "./stream-event.ts";

/**
 * The data of an event of `toEventStreamResponse()`: what the reader of a page may see. Attempts are left out, as their errors may hold
 * the words of a vendor.
 */
export type WireStreamEvent =
  | Exclude<StreamEvent, { type: "attempt" | "finish" }>
  /** The answer is whole. */
  | ({ readonly type: "finish" } & Pick<TextResult, "provider" | "model" | "finishReason" | "usage">)
  /** The answer is not whole, and nothing follows. `callId` is that of the log and the record. */
  | {
      readonly type: "error";
      readonly error: {
        readonly code: LLMErrorCode | "unexpected";
        readonly message: string;
        readonly callId: string | null;
      };
    };

/** What a page may see of an event; `null`: nothing. */
export function toWireStreamEvent(event: StreamEvent): WireStreamEvent | null {
  if (event.type === "attempt") return null;
  if (event.type !== "finish") return event;
  const { provider, model, finishReason, usage } = event.result;
  return { type: "finish", provider, model, finishReason, usage };
}
