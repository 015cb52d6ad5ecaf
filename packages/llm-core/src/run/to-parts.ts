import type { AnswerBlock, ModelResponse, StreamPart } from "../contract/model-answer.ts";

/** Converts an answer to the parts of an equivalent stream. */
export function toParts(response: ModelResponse): StreamPart[] {
  const { usage, finishReason, rawFinishReason, responseId, responseModel, mayBeEmpty = false } = response;
  let calls = 0;
  const parts = (response.blocks ?? blocksOf(response)).map(
    (block): StreamPart => (block.type === "tool-call" ? { ...block, index: calls++ } : block),
  );
  parts.push(
    { type: "usage", usage },
    {
      type: "finish",
      finishReason,
      rawFinishReason,
      responseId,
      responseModel,
      ...(mayBeEmpty ? { mayBeEmpty } : {}),
    },
  );
  return parts;
}

function blocksOf({ reasoning, text, toolCalls }: ModelResponse): AnswerBlock[] {
  const blocks = reasoning.map(
    ({ text, data }): AnswerBlock => ({ type: "reasoning", text, ...(data === undefined ? {} : { data }) }),
  );
  if (text !== "") blocks.push({ type: "text", text });
  for (const call of toolCalls) blocks.push({ type: "tool-call", ...call });
  return blocks;
}
