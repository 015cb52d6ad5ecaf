import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish, finishWord, isNoFinish, stringField } from "@babylon/provider-kit";

/** The reason that a choice states; `null`: none, or that there is none yet. */
export function statedReason(choice: unknown): string | null {
  const stated = stringField(choice, "finish_reason") ?? stringField(choice, "finishReason");
  return stated === null || stated.trim() === "" || isNoFinish(stated) ? null : stated;
}

/**
 * What a finish reason says about the answer that it ends: whole, with the reason in the common vocabulary; a failure of the server;
 * or nothing that anyone knows, and then only the wire's end marker makes the answer whole.
 */
export type Finish =
  | { readonly type: "whole"; readonly reason: FinishReason }
  | { readonly type: "failed"; readonly failure: FailedFinish }
  | { readonly type: "unknown" };

const UNKNOWN: Finish = { type: "unknown" };

/** Reads a finish reason of this family, in any case. */
export function readFinish(reason: string): Finish {
  const known = finishWord(reason);
  if (known !== null) return { type: "whole", reason: known };
  const failure = failedFinish(reason);
  return failure === null ? UNKNOWN : { type: "failed", failure };
}

/** What else the answer showed. */
interface AnswerTraits {
  readonly toolCalls: boolean;
  /** The text is the model's refusal (`message.refusal`). */
  readonly refusal: boolean;
}

/**
 * The finish reason of a whole answer in the common vocabulary. A refusal is a `content-filter` whatever the vendor calls it, and an
 * answer with tool calls that "stopped" (as with a named tool choice) stopped for them. `other`: nobody knows the reason.
 *
 * @param reason - `null`: the vendor gave none, and its end marker was enough
 */
export function mapFinishReason(reason: string | null, seen: AnswerTraits): FinishReason {
  if (seen.refusal) return "content-filter";
  const finish: Finish = reason === null ? { type: "whole", reason: "stop" } : readFinish(reason);
  if (finish.type !== "whole") return "other";
  return finish.reason === "stop" && seen.toolCalls ? "tool-calls" : finish.reason;
}
