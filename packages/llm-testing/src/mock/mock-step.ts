import type { AttemptReport, FinishReason, LLMError, RateLimitBudget, StreamPart, Usage } from "@babylon/llm-core";

/** How a mock provider answers one call. Omitted fields have the default of a successful answer. */
export interface MockStep {
  /** The text; a list is one part each. Default, if there is no other content: `answer N of ID`. */
  readonly text?: string | readonly string[] | undefined;
  /** Reasoning before the text; a list is one part each. */
  readonly reasoning?: string | readonly string[] | undefined;
  /** Tool calls after the text. `input` is sent as JSON in one piece. */
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly input: unknown }[] | undefined;
  /** All parts, instead of the three fields above. A finish part is added unless there is one or `truncate` is set. */
  readonly parts?: readonly StreamPart[] | undefined;
  /** Thrown after `failAfter` parts. A function creates a new error each time. */
  readonly error?: LLMError | (() => LLMError) | undefined;
  /** Parts before `error`. Default 0: instead of an answer. */
  readonly failAfter?: number | undefined;
  /** Delay before the first part, or the error instead of it, on the call's clock. Default 0: no timer. */
  readonly delayMs?: number | undefined;
  /** Delay before each part after the first. Default 0: no timer. */
  readonly gapMs?: number | undefined;
  /** Never answers, not even with a head, until it is aborted. */
  readonly hang?: boolean | undefined;
  /** Sends nothing after so many parts, until it is aborted. */
  readonly stallAfter?: number | undefined;
  /** Ends without a finish part; `generate` throws `truncated`. */
  readonly truncate?: boolean | undefined;
  /** Default: 10 input and 5 output tokens, no cached and no reasoning tokens. `null`: no usage is reported. */
  readonly usage?: Usage | null | undefined;
  /** Default `stop`, or `tool-calls` if there are any. */
  readonly finishReason?: FinishReason | undefined;
  /** Facts about how the answer was served, reported before the first part. Its `responseModel` replaces the default. */
  readonly served?:
    | Pick<AttemptReport, "responseId" | "responseModel" | "serviceTier" | "speed" | "region">
    | undefined;
  /** `false`: the error occurs before the request is sent. Default true. */
  readonly sent?: boolean | undefined;
  /** Reported with the head of the reply. */
  readonly rateLimits?: readonly RateLimitBudget[] | undefined;
}

const DEFAULT_USAGE: Usage = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** The parts of a step, including usage and finish. */
export function partsOfStep(step: MockStep, model: string, fallbackText: string): readonly StreamPart[] {
  const ownParts = step.parts ?? answerParts(step, fallbackText);
  const parts: StreamPart[] = ownParts.filter((part) => part.type !== "finish");
  const usage = step.usage === undefined && step.parts === undefined ? DEFAULT_USAGE : step.usage;
  if (usage !== undefined && usage !== null) parts.push({ type: "usage", usage });
  if (step.truncate === true) return parts;
  const reason = step.finishReason ?? (parts.some((part) => part.type === "tool-call") ? "tool-calls" : "stop");
  const finish = ownParts.find((part) => part.type === "finish");
  parts.push(
    finish ?? {
      type: "finish",
      finishReason: reason,
      rawFinishReason: reason,
      responseId: step.served?.responseId ?? null,
      responseModel: step.served?.responseModel ?? model,
    },
  );
  return parts;
}

function answerParts(step: MockStep, fallbackText: string): StreamPart[] {
  const { text, reasoning, toolCalls = [] } = step;
  const texts = text === undefined && toolCalls.length === 0 ? [fallbackText] : listOf(text);
  return [
    ...listOf(reasoning).map((piece): StreamPart => ({ type: "reasoning", text: piece })),
    ...texts.map((piece): StreamPart => ({ type: "text", text: piece })),
    ...toolCalls.map(
      (call, index): StreamPart => ({
        type: "tool-call",
        index,
        id: call.id,
        name: call.name,
        inputText: JSON.stringify(call.input),
      }),
    ),
  ];
}
