import type { AttemptAnswer } from "../contract/call-observer.ts";
import type { JsonObject, JsonValue } from "../contract/json.ts";
import type { AssistantMessage, Message } from "../contract/message.ts";
import type { FinishReason, StreamPart } from "../contract/model-answer.ts";
import type { Tool, ToolCall } from "../contract/tool.ts";
import { UNKNOWN_USAGE, type Usage } from "../contract/usage.ts";
import { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import { isHeavyJSON } from "./json-weight.ts";
import { toolIdsOf, uniqueId } from "./unique-id.ts";

interface OpenToolCall {
  id: string | null;
  name: string | null;
  inputText: string;
  data: JsonObject | undefined;
  /** Parts of several calls alternate: it is complete only with the whole answer, not when the next call begins. */
  readonly interleaved: boolean;
  /** A part has marked it as complete. */
  isComplete: boolean;
}

interface ReasoningBlock {
  readonly type: "reasoning";
  text: string;
  data: JsonObject | undefined;
  closed: boolean;
}

/** A block of the answer in its order. A text extends from `start` to the `start` of the next text. */
type PlacedPart =
  | ReasoningBlock
  | { readonly type: "text"; readonly start: number }
  | { readonly type: "tool-call"; readonly index: number };

/** A complete answer. */
export interface FinishedAnswer {
  readonly text: string;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly message: AssistantMessage;
  readonly usage: Usage;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly responseId: string | null;
  readonly responseModel: string | null;
}

/** The answer of one attempt while it arrives: extended by {@link takePart}, completed by {@link finishAnswer}. */
export interface OpenAnswer {
  readonly tools: Readonly<Record<string, Tool>> | undefined;
  readonly readToolCall: typeof toToolCall;
  /** Text of an earlier link that this answer continues. */
  readonly before: string;
  /** The conversation: its tool call ids must not be reused, and after a tool result an empty answer is valid. */
  readonly conversation: readonly Message[];
  text: string;
  usage: Usage | null;
  readonly blocks: ReasoningBlock[];
  /** Reasoning, texts and tool calls in the order in which they began. */
  readonly order: PlacedPart[];
  readonly calls: OpenToolCall[];
  readonly completed: ToolCall[];
  /** Tool call ids of the conversation and of this answer; `null` until first needed. */
  takenIds: Set<string> | null;
  finish: (StreamPart & { type: "finish" }) | null;
}

/** Parses a tool call; `invalid` is the problem. Does not check the arguments against a schema. */
export function toToolCall(
  { id, name, inputText }: { readonly id: string; readonly name: string; readonly inputText: string },
  tools: Readonly<Record<string, Tool>> | undefined,
): ToolCall {
  const rawInput = inputText.trim() === "" ? "{}" : inputText;
  let input: JsonValue = null;
  let invalid: string | null = null;
  try {
    if (isHeavyJSON(rawInput)) invalid = "the arguments are JSON of too many values";
    else input = JSON.parse(rawInput);
  } catch {
    invalid = "the arguments are not JSON";
  }
  if (tools !== undefined && !Object.hasOwn(tools, name)) invalid = `there is no tool "${name}"`;
  return { id, name, input, rawInput, invalid };
}

/**
 * Creates an empty answer to a conversation. `before`: text of an earlier link that this answer continues. `readToolCall`: may also check
 * the arguments.
 */
export function createAnswer(
  tools: Readonly<Record<string, Tool>> | undefined,
  before = "",
  readToolCall: typeof toToolCall = toToolCall,
  conversation: readonly Message[] = [],
): OpenAnswer {
  return {
    tools,
    readToolCall,
    before,
    conversation,
    text: before,
    usage: null,
    blocks: [],
    order: [],
    calls: [],
    completed: [],
    takenIds: null,
    finish: null,
  };
}

function takeText(answer: OpenAnswer, text: string): void {
  const { order, before } = answer;
  if (text !== "" && order.at(-1)?.type !== "text") {
    order.push({ type: "text", start: answer.text === before ? 0 : answer.text.length });
  }
  answer.text += text;
}

/** Reasoning text after another block begins a new reasoning block; `data`, which closes a block, may come later. */
function takeReasoning({ blocks, order }: OpenAnswer, { text, data }: StreamPart & { type: "reasoning" }): void {
  if (text === "" && data === undefined) return;
  let block = blocks.at(-1);
  if (block === undefined || block.closed || (text !== "" && order.at(-1) !== block)) {
    block = { type: "reasoning", text: "", data: undefined, closed: false };
    blocks.push(block);
    order.push(block);
  }
  block.text += text;
  if (data !== undefined) {
    block.data = data;
    block.closed = true;
  }
}

function takeToolPart({ calls, completed, order }: OpenAnswer, part: StreamPart & { type: "tool-call" }): void {
  if (part.index < completed.length && part.inputText !== "") {
    throw new LLMError({ code: "invalid_response", message: "a tool call went on after it had ended" });
  }
  let call = calls[part.index];
  if (call === undefined) {
    const interleaved = part.interleaved === true;
    call = { id: null, name: null, inputText: "", data: undefined, interleaved, isComplete: false };
    calls[part.index] = call;
    order.push({ type: "tool-call", index: part.index });
  }
  call.id ??= part.id ?? null;
  call.name ??= part.name ?? null;
  call.inputText += part.inputText;
  if (part.data !== undefined) call.data = part.data;
  if (part.complete === true) call.isComplete = true;
}

const NO_TOOL_CALLS: readonly ToolCall[] = [];

/** How many tool calls are complete after a part of the call at `index`. Calls are shown in their order. */
function completeSoFar({ calls, completed }: OpenAnswer, index: number): number {
  let end = completed.length;
  for (let call = calls[end]; call !== undefined; call = calls[end]) {
    if (!call.isComplete && (end >= index || call.interleaved)) return end;
    end += 1;
  }
  return Math.max(end, Math.min(index, calls.length));
}

/** Completes the calls before `end`. Throws `invalid_response` for a call without a name, which can be neither run nor sent back. */
function complete(answer: OpenAnswer, end: number): readonly ToolCall[] {
  const { calls, completed, tools, readToolCall, conversation } = answer;
  if (end <= completed.length) return NO_TOOL_CALLS;
  answer.takenIds ??= toolIdsOf(conversation);
  const { takenIds } = answer;
  const from = completed.length;
  for (let index = from; index < end; index += 1) {
    const call = calls[index];
    const { id: given, name, inputText } = call ?? { id: null, name: null, inputText: "" };
    if (name === null || name.trim() === "") {
      throw new LLMError({ code: "invalid_response", message: "the answer has a tool call without a name" });
    }
    const id = uniqueId(given || `call_${index}`, takenIds);
    takenIds.add(id);
    completed.push(readToolCall({ id, name, inputText }, tools));
  }
  return completed.slice(from);
}

/**
 * Adds the next part. Returns the tool calls that it completed. Throws `invalid_response` for a part of a tool call that was already
 * complete, and for a complete call without a name.
 */
export function takePart(answer: OpenAnswer, part: StreamPart): readonly ToolCall[] {
  switch (part.type) {
    case "text":
      takeText(answer, part.text);
      return NO_TOOL_CALLS;
    case "reasoning":
      takeReasoning(answer, part);
      return NO_TOOL_CALLS;
    case "tool-call":
      takeToolPart(answer, part);
      return complete(answer, completeSoFar(answer, part.index));
    case "usage":
      answer.usage = part.usage;
      return NO_TOOL_CALLS;
    case "finish":
      answer.finish = part;
      return complete(answer, answer.calls.length);
    default:
      // A part type of a later version of the contract.
      return NO_TOOL_CALLS;
  }
}

type AnswerPart = Exclude<AssistantMessage["content"], string>[number];

function toMessage({ blocks, calls, completed, order, text }: OpenAnswer, link: ChainLink): AssistantMessage {
  if (blocks.length === 0 && completed.length === 0) return { role: "assistant", content: text };
  const origin = { provider: link.provider, model: link.model };
  const content: AnswerPart[] = [];
  let textEnd = text.length;
  for (const part of order.toReversed()) {
    if (part.type === "text") {
      content.push({ type: "text", text: text.slice(part.start, textEnd) });
      textEnd = part.start;
    } else if (part.type === "reasoning") {
      const data = part.data === undefined ? {} : { data: part.data };
      content.push({ type: "reasoning", text: part.text, origin, ...data });
    } else {
      const call = completed[part.index];
      const data = calls[part.index]?.data;
      if (call !== undefined) {
        const { id, name, input } = call;
        content.push({
          type: "tool-call",
          id,
          name,
          input: input ?? {},
          ...(data === undefined ? {} : { origin, data }),
        });
      }
    }
  }
  // Text of an earlier link, to which this one added only tool calls or reasoning.
  if (textEnd > 0) content.push({ type: "text", text: text.slice(0, textEnd) });
  return { role: "assistant", content: content.reverse() };
}

/** Joins the reasoning: an empty line after each closed block, nothing between the pieces of an interrupted one. */
function reasoningOf({ blocks }: OpenAnswer): string | null {
  let joined = "";
  let gap = "";
  for (const { text, closed } of blocks) {
    if (text !== "") joined += joined === "" ? text : gap + text;
    if (text !== "" || closed) gap = closed ? "\n\n" : "";
  }
  return joined === "" ? null : joined;
}

/** Whether an empty answer is valid: after a tool result, at the token limit, as a continuation, or if the vendor marks it as valid. */
function mayBeEmpty({ conversation, before, finish }: OpenAnswer): boolean {
  if (before !== "" || finish?.finishReason === "length" || finish?.mayBeEmpty === true) return true;
  return finish?.finishReason === "stop" && conversation.at(-1)?.role === "tool";
}

/** Completes the answer. Throws `truncated` without a finish part, `content_filter` or `invalid_response` if it is empty. */
export function finishAnswer(answer: OpenAnswer, link: ChainLink): FinishedAnswer {
  const { finish, text, before, completed } = answer;
  if (finish === null) {
    throw new LLMError({ code: "truncated", message: "the answer ended before its end was marked" });
  }
  const { finishReason, rawFinishReason, responseId, responseModel } = finish;
  if (text === before && completed.length === 0) {
    if (finishReason === "content-filter") {
      throw new LLMError({ code: "content_filter", message: "the provider refused to answer (content policy)" });
    }
    if (!mayBeEmpty(answer)) {
      throw new LLMError({ code: "invalid_response", message: "the answer is empty" });
    }
  }
  return {
    text,
    reasoning: reasoningOf(answer),
    toolCalls: completed,
    message: toMessage(answer, link),
    usage: answer.usage ?? UNKNOWN_USAGE,
    finishReason,
    rawFinishReason,
    responseId,
    responseModel,
  };
}

const NOTHING_RECEIVED: AttemptAnswer = { text: "", reasoning: null, toolCalls: NO_TOOL_CALLS, finishReason: null };

/** What has arrived of an answer, for observers. */
export function toAttemptAnswer(answer: OpenAnswer | null): AttemptAnswer {
  if (answer === null) return NOTHING_RECEIVED;
  return {
    text: answer.text.slice(answer.before.length),
    reasoning: reasoningOf(answer),
    toolCalls: [...answer.completed],
    finishReason: answer.finish?.finishReason ?? null,
  };
}
