import type { ModelResponse, StreamPart } from "../contract/model-answer.ts";

/** The parts that a stream of the same answer would have had. */
export function toParts(response: ModelResponse): StreamPart[] {
  const { text, usage, finishReason, rawFinishReason, responseId, responseModel } = response;
  const parts: StreamPart[] = [];
  for (const block of response.reasoning) {
    parts.push({ type: "reasoning", text: block.text, ...(block.data === undefined ? {} : { data: block.data }) });
  }
  if (text !== "") parts.push({ type: "text", text });
  for (const [index, { id, name, inputText }] of response.toolCalls.entries()) {
    parts.push({ type: "tool-call", index, id, name, inputText });
  }
  parts.push({ type: "usage", usage }, { type: "finish", finishReason, rawFinishReason, responseId, responseModel });
  return parts;
}
