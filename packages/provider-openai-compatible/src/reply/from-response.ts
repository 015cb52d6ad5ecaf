import type { ModelResponse } from "@babylon/llm-core";
import { UNKNOWN_USAGE } from "@babylon/llm-core";
import {
  arrayField,
  failedFinishError,
  fieldOf,
  parseResponseJSON,
  responseError,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { fromMessage, toolCallsOf } from "./from-message.ts";
import { fromServed } from "./from-served.ts";
import { fromUsage } from "./from-usage.ts";
import { mapFinishReason, readFinish } from "./map-finish-reason.ts";
import { errorInReply, isErrorObject, type ReplySource } from "./reply-source.ts";
import { createThinkSplitter } from "./split-think.ts";

/**
 * Reads the body of a successful reply of `/chat/completions`. A refusal (`message.refusal`) is an answer: its text, with the finish
 * reason `content-filter`.
 *
 * @throws LLMError `invalid_response` for anything that is no answer, `truncated` for one that broke off, what a finish reason stands
 * for that means a failure, and whatever an error object inside the reply stands for
 */
export function fromResponse(text: string, source: ReplySource): ModelResponse {
  const { response, facts, wire } = source;
  const reply = parseResponseJSON(text, response, facts);
  if (isErrorObject(reply)) throw errorInReply(reply, text, source);
  const usage = fromUsage(reply) ?? UNKNOWN_USAGE;
  const served = fromServed(reply, facts);
  // Before it is judged: what fails has been served, and billed, all the same.
  source.report?.({ ...served, usage });
  const choice = arrayField(reply, "choices")[0];
  const message = fieldOf(choice, "message");
  if (message === undefined || message === null) {
    throw responseError("invalid_response", "answered without a message", response, facts, reply);
  }
  const reason = stringField(choice, "finish_reason");
  if (reason === null && !wire.doneIsEnough) {
    throw responseError("truncated", "answered without saying that it had finished", response, facts, reply);
  }
  const finish = reason === null ? null : readFinish(reason);
  if (reason !== null && finish?.type === "failed") {
    throw failedFinishError(finish.failure, reason, response, facts, reply);
  }

  const said = fromMessage(message);
  const toolCalls = toolCallsOf(message).map(({ id, name, inputText }, index) => ({
    id: id ?? `call_${index}`,
    name: name ?? "",
    inputText,
  }));
  const { text: answer, reasoning } = wire.thinkTags ? splitWhole(said.text, said.reasoning) : said;
  return {
    text: answer + said.refusal,
    reasoning: reasoning === "" ? [] : [{ text: reasoning }],
    toolCalls,
    finishReason: mapFinishReason(reason, { toolCalls: toolCalls.length > 0, refusal: said.refusal !== "" }),
    rawFinishReason: vendorWord(reason, facts),
    usage,
    responseId: served.responseId,
    responseModel: served.responseModel,
  };
}

function splitWhole(whole: string, before: string): { text: string; reasoning: string } {
  const splitter = createThinkSplitter();
  let text = "";
  let reasoning = before;
  for (const piece of [...splitter.push(whole), ...splitter.end()]) {
    if (piece.type === "text") text += piece.text;
    else reasoning += piece.text;
  }
  return { text, reasoning };
}
