import { type AnswerBlock, isRecord, type JsonObject, type ModelResponse, ofBlocks } from "@babylon/llm-core";
import { arrayField, failedFinishError, fieldOf, responseError, stringField, vendorWord } from "@babylon/provider-kit";
import { fromServed } from "./from-served.ts";
import { fromUsage, readUsage } from "./from-usage.ts";
import { failureOf, finishReasonOf, isPause, stopReasonOf } from "./map-finish-reason.ts";
import { type ReplySource, refusalError } from "./reply-source.ts";
import { toInputText } from "./to-input-text.ts";

/**
 * Reads a whole message.
 *
 * @throws LLMError `invalid_response` if it is not a message, `truncated` if it has no stop reason, `content_filter` for a refusal without
 *   text and tool calls, and the error of a stop reason that reports a failure
 */
export function fromMessage(message: unknown, source: ReplySource): ModelResponse {
  const { response, facts } = source;
  if (!Array.isArray(fieldOf(message, "content"))) {
    throw responseError("invalid_response", "answered with a body that is not a message", response, facts, message);
  }
  const usage = fromUsage(readUsage(fieldOf(message, "usage")));
  const served = fromServed(message, facts);
  // Reported first, because a failed message has been served and billed as well.
  source.report?.({ ...served, usage });
  const stopReason = stopReasonOf(message);
  if (stopReason === null) {
    throw responseError("truncated", "answered with a message that has no stop reason", response, facts, message);
  }
  const failure = failureOf(stopReason);
  if (failure !== null) throw failedFinishError(failure, stopReason, response, facts, message);
  const answer = ofBlocks(arrayField(message, "content").flatMap((block) => fromContent(block) ?? []));
  if (stopReason === "refusal" && answer.text === "" && answer.toolCalls.length === 0) {
    throw refusalError(fieldOf(message, "stop_details"), source);
  }
  return {
    ...answer,
    finishReason: finishReasonOf(stopReason, answer.toolCalls.length > 0),
    rawFinishReason: vendorWord(stopReason, facts),
    usage,
    responseId: served.responseId,
    responseModel: served.responseModel,
    ...(isPause(stopReason) ? { mayBeEmpty: true } : {}),
  };
}

/** Maps a content block. Other blocks than text, thinking and calls become opaque reasoning; every reasoning block has closing data. */
function fromContent(block: unknown): AnswerBlock | null {
  switch (fieldOf(block, "type")) {
    case "text": {
      const text = stringField(block, "text");
      return text === null ? null : { type: "text", text };
    }
    case "thinking": {
      const signature = stringField(block, "signature");
      const data: JsonObject = signature === null ? {} : { signature };
      return { type: "reasoning", text: stringField(block, "thinking") ?? "", data };
    }
    case "redacted_thinking":
      return { type: "reasoning", text: "", data: { redacted: stringField(block, "data") ?? "" } };
    case "tool_use":
      return {
        type: "tool-call",
        id: stringField(block, "id") ?? "",
        name: stringField(block, "name") ?? "",
        inputText: toInputText(fieldOf(block, "input")),
      };
    default:
      // A parsed record only contains JSON values.
      return isRecord(block) && typeof block.type === "string"
        ? { type: "reasoning", text: "", data: { block: block as JsonObject } }
        : null;
  }
}
