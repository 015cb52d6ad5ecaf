import type { JsonObject, ModelResponse } from "@babylon/llm-core";
import { arrayField, failedFinishError, fieldOf, responseError, stringField, vendorWord } from "@babylon/provider-kit";
import { fromServed } from "./from-served.ts";
import { fromUsage, readUsage } from "./from-usage.ts";
import { failureOf, mapFinishReason } from "./map-finish-reason.ts";
import { parseReply } from "./parse-reply.ts";
import { type ReplySource, refusalError } from "./reply-source.ts";

/**
 * Reads the body of a successful reply of `POST /v1/messages`. Blocks of other kinds, such as those of server-side tools, are left out.
 *
 * @throws LLMError `invalid_response` for anything that is no message, `truncated` for one that breaks off or names no stop reason,
 *   `content_filter` for a refusal without text and tool calls, what a stop reason stands for that means a failure, and what an error
 *   object in its place means
 */
export function fromResponse(text: string, source: ReplySource): ModelResponse {
  const { response, facts } = source;
  const message = parseReply(text, source);
  if (!Array.isArray(fieldOf(message, "content"))) {
    throw responseError("invalid_response", "answered with something that is no message", response, facts, message);
  }
  const usage = fromUsage(readUsage(fieldOf(message, "usage")));
  const served = fromServed(message, facts);
  // Before it is judged: what fails has been served, and billed, all the same.
  source.report?.({ ...served, usage });
  const stopReason = stringField(message, "stop_reason");
  if (stopReason === null) {
    throw responseError("truncated", "answered with a message that has no stop reason", response, facts, message);
  }
  const failure = failureOf(stopReason);
  if (failure !== null) throw failedFinishError(failure, stopReason, response, facts, message);
  const answer = readContent(arrayField(message, "content"));
  if (stopReason === "refusal" && answer.text === "" && answer.toolCalls.length === 0) {
    throw refusalError(fieldOf(message, "stop_details"), source);
  }
  return {
    ...answer,
    finishReason: mapFinishReason(stopReason) ?? "other",
    rawFinishReason: vendorWord(stopReason, facts),
    usage,
    responseId: served.responseId,
    responseModel: served.responseModel,
  };
}

function readContent(blocks: readonly unknown[]): Pick<ModelResponse, "text" | "reasoning" | "toolCalls"> {
  let text = "";
  const reasoning: { text: string; data?: JsonObject }[] = [];
  const toolCalls: { id: string; name: string; inputText: string }[] = [];
  for (const block of blocks) {
    switch (fieldOf(block, "type")) {
      case "text":
        text += stringField(block, "text") ?? "";
        break;
      case "thinking":
        reasoning.push(thinkingOf(stringField(block, "thinking") ?? "", stringField(block, "signature")));
        break;
      case "redacted_thinking":
        reasoning.push({ text: "", data: { redacted: stringField(block, "data") ?? "" } });
        break;
      case "tool_use":
        toolCalls.push({
          id: stringField(block, "id") ?? "",
          name: stringField(block, "name") ?? "",
          inputText: JSON.stringify(fieldOf(block, "input") ?? {}),
        });
        break;
    }
  }
  return { text, reasoning, toolCalls };
}

/** A block with neither text nor signature is of no use to anyone, but it does no harm either. */
const thinkingOf = (text: string, signature: string | null): { text: string; data?: JsonObject } =>
  signature === null ? { text } : { text, data: { signature } };
