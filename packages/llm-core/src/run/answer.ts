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
  /** Complete with the answer, not with the next call. */
  readonly interleaved: boolean;
  /** A part has said that it is complete. */
  isComplete: boolean;
}

interface ReasoningBlock {
  readonly type: "reasoning";
  text: string;
  data: JsonObject | undefined;
  closed: boolean;
}

/** Something of the answer at its place among the others. Text goes from its start to that of the next text. */
type PlacedPart =
  | ReasoningBlock
  | { readonly type: "text"; readonly start: number }
  | { readonly type: "tool-call"; readonly index: number };

/** What an answer is when its last part has come. */
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

/** The answer of one attempt while it arrives: taken part by part with {@link takePart}, whole with {@link finishAnswer}. */
export interface OpenAnswer {
  readonly tools: Readonly<Record<string, Tool>> | undefined;
  readonly readToolCall: typeof toToolCall;
  /** Text of an earlier link that this one goes on from. */
  readonly before: string;
  /** What was asked: its ids of tool calls are taken, and a result of a tool may have no answer but an empty one. */
  readonly conversation: readonly Message[];
  text: string;
  usage: Usage | null;
  readonly blocks: ReasoningBlock[];
  /** Reasoning, texts and calls in the order in which they began. */
  readonly order: PlacedPart[];
  readonly calls: OpenToolCall[];
  readonly completed: ToolCall[];
  /** Ids of tool calls, of the conversation and of this answer; `null` before the first is needed. */
  takenIds: Set<string> | null;
  finish: (StreamPart & { type: "finish" }) | null;
}

/** A tool call as the caller gets it, with what is wrong about it, if anything. Its arguments are not checked against a schema. */
export function toToolCall(
  { id, name, inputText }: { readonly id: string; readonly name: string; readonly inputText: string },
  tools: Readonly<Record<string, Tool>> | undefined,
): ToolCall {
  const rawInput = inputText === "" ? "{}" : inputText;
  let input: JsonValue = null;
  let invalid: string | null = null;
  try {
    if (isHeavyJSON(rawInput)) invalid = "the arguments are JSON of too many values";
    else input = JSON.parse(rawInput);
  } catch {
    invalid = "the arguments are no JSON";
  }
  if (tools !== undefined && !Object.hasOwn(tools, name)) invalid = `there is no tool "${name}"`;
  return { id, name, input, rawInput, invalid };
}

/**
 * An empty answer to a conversation. `before`: text of an earlier link that this one goes on from. `readToolCall`: may also check the
 * arguments.
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

/** More of a block that something else interrupted begins another one; what closes a block may come later. */
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

const NONE: readonly ToolCall[] = [];

/** How many calls are complete now that a part of this one has come. They are shown in their order. */
function completeSoFar({ calls, completed }: OpenAnswer, index: number): number {
  let end = completed.length;
  for (let call = calls[end]; call !== undefined; call = calls[end]) {
    if (!call.isComplete && (end >= index || call.interleaved)) return end;
    end += 1;
  }
  return Math.max(end, Math.min(index, calls.length));
}

/** Calls before `end` are complete once a later one has begun or the answer is over. */
function complete(answer: OpenAnswer, end: number): readonly ToolCall[] {
  const { calls, completed, tools, readToolCall, conversation } = answer;
  if (end <= completed.length) return NONE;
  answer.takenIds ??= toolIdsOf(conversation);
  const { takenIds } = answer;
  const from = completed.length;
  for (let index = from; index < end; index += 1) {
    const call = calls[index];
    const { id: given, name, inputText } = call ?? { id: null, name: null, inputText: "" };
    const id = uniqueId(given || `call_${index}`, takenIds);
    takenIds.add(id);
    completed.push(readToolCall({ id, name: name ?? "", inputText }, tools));
  }
  return completed.slice(from);
}

/** Takes the next part. Returns the tool calls that are complete now. Throws `invalid_response` when one that was complete goes on. */
export function takePart(answer: OpenAnswer, part: StreamPart): readonly ToolCall[] {
  switch (part.type) {
    case "text":
      takeText(answer, part.text);
      return NONE;
    case "reasoning":
      takeReasoning(answer, part);
      return NONE;
    case "tool-call":
      takeToolPart(answer, part);
      return complete(answer, completeSoFar(answer, part.index));
    case "usage":
      answer.usage = part.usage;
      return NONE;
    case "finish":
      answer.finish = part;
      return complete(answer, answer.calls.length);
    default:
      // A kind that a later version of the contract may bring.
      return NONE;
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
  // Text of another link that this one only added calls or reasoning to.
  if (textEnd > 0) content.push({ type: "text", text: text.slice(0, textEnd) });
  return { role: "assistant", content: content.reverse() };
}

/** Blocks that were closed are apart; pieces that were only interrupted go on. */
function reasoningOf({ blocks }: OpenAnswer): string | null {
  let told = "";
  let gap = "";
  for (const { text, closed } of blocks) {
    if (text !== "") told += told === "" ? text : gap + text;
    if (text !== "" || closed) gap = closed ? "\n\n" : "";
  }
  return told === "" ? null : told;
}

/** An empty answer is one where it follows the result of a tool, which may leave nothing to say, and where the vendor says so. */
function mayBeEmpty({ conversation, before, finish }: OpenAnswer): boolean {
  if (before !== "" || finish?.finishReason === "length" || finish?.mayBeEmpty === true) return true;
  return finish?.finishReason === "stop" && conversation.at(-1)?.role === "tool";
}

/** The whole answer; throws `truncated` when no finish part came, `content_filter` or `invalid_response` when it is empty. */
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
