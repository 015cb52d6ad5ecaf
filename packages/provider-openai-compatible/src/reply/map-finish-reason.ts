import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish, finishWord, isNoFinish, stringField } from "@babylon/provider-kit";

/** The finish reason of a choice; `null` if it has none yet. */
export function statedReason(choice: unknown): string | null {
  const stated = stringField(choice, "finish_reason") ?? stringField(choice, "finishReason");
  return stated === null || stated.trim() === "" || isNoFinish(stated) ? null : stated;
}

/**
 * The meaning of a finish reason: the answer is whole; the server failed; or unknown, and then the answer is only whole together with the end
 * marker.
 */
export type Finish =
  | { readonly type: "whole"; readonly reason: FinishReason }
  | { readonly type: "failed"; readonly failure: FailedFinish }
  | { readonly type: "unknown" };

const UNKNOWN: Finish = { type: "unknown" };

/** Reads a finish reason of this family, case-insensitive. */
export function readFinish(reason: string): Finish {
  const known = finishWord(reason);
  if (known !== null) return { type: "whole", reason: known };
  const failure = failedFinish(reason);
  return failure === null ? UNKNOWN : { type: "failed", failure };
}

/** Facts of the answer that affect its finish reason. */
interface AnswerTraits {
  readonly toolCalls: boolean;
  /** The text is the model's refusal (`message.refusal`). */
  readonly refusal: boolean;
}

/**
 * The normalized finish reason of a whole answer. A refusal is always `content-filter`; `stop` with tool calls (as with a named tool choice)
 * is `tool-calls`; an unknown reason is `other`.
 *
 * @param reason - `null`: the vendor stated none, and the end marker sufficed
 */
export function mapFinishReason(reason: string | null, answer: AnswerTraits): FinishReason {
  if (answer.refusal) return "content-filter";
  const finish: Finish = reason === null ? { type: "whole", reason: "stop" } : readFinish(reason);
  if (finish.type !== "whole") return "other";
  return finish.reason === "stop" && answer.toolCalls ? "tool-calls" : finish.reason;
}
