import type { JsonObject, JsonValue } from "../contract/json.ts";
import type { AssistantMessage, ReasoningPart, TextPart, ToolCallPart } from "../contract/message.ts";
import type { FinishReason, StreamPart } from "../contract/model-answer.ts";
import type { Tool, ToolCall } from "../contract/tool.ts";
import { UNKNOWN_USAGE, type Usage } from "../contract/usage.ts";
import { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import { isHeavyJSON } from "./json-weight.ts";

interface OpenToolCall {
  id: string | null;
  name: string | null;
  inputText: string;
}

interface ReasoningBlock {
  text: string;
  data: JsonObject | undefined;
  closed: boolean;
}

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
  text: string;
  usage: Usage | null;
  readonly blocks: ReasoningBlock[];
  readonly calls: OpenToolCall[];
  readonly completed: ToolCall[];
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

/** An empty answer. `before`: text of an earlier link that this one goes on from. `readToolCall`: may also check the arguments. */
export function createAnswer(
  tools: Readonly<Record<string, Tool>> | undefined,
  before = "",
  readToolCall: typeof toToolCall = toToolCall,
): OpenAnswer {
  return {
    tools,
    readToolCall,
    before,
    text: before,
    usage: null,
    blocks: [],
    calls: [],
    completed: [],
    finish: null,
  };
}

function takeReasoning({ blocks }: OpenAnswer, part: StreamPart & { type: "reasoning" }): void {
  let block = blocks.at(-1);
  if (block === undefined || block.closed) {
    block = { text: "", data: undefined, closed: false };
    blocks.push(block);
  }
  block.text += part.text;
  if (part.data !== undefined) {
    block.data = part.data;
    block.closed = true;
  }
}

function takeToolPart({ calls, completed }: OpenAnswer, part: StreamPart & { type: "tool-call" }): void {
  if (part.index < completed.length && part.inputText !== "") {
    throw new LLMError({ code: "invalid_response", message: "a tool call went on after it had ended" });
  }
  let call = calls[part.index];
  if (call === undefined) {
    call = { id: null, name: null, inputText: "" };
    calls[part.index] = call;
  }
  call.id ??= part.id ?? null;
  call.name ??= part.name ?? null;
  call.inputText += part.inputText;
}

const NONE: readonly ToolCall[] = [];

/** Calls before `end` are complete once a later one has begun or the answer is over. */
function complete({ calls, completed, tools, readToolCall }: OpenAnswer, end: number): readonly ToolCall[] {
  if (end <= completed.length) return NONE;
  const from = completed.length;
  for (let index = from; index < end; index += 1) {
    const call = calls[index];
    const { id, name, inputText } = call ?? { id: null, name: null, inputText: "" };
    completed.push(readToolCall({ id: id ?? `call_${index}`, name: name ?? "", inputText }, tools));
  }
  return completed.slice(from);
}

/** Takes the next part. Returns the tool calls that it completed. Throws `invalid_response` when one of these goes on after all. */
export function takePart(answer: OpenAnswer, part: StreamPart): readonly ToolCall[] {
  switch (part.type) {
    case "text":
      answer.text += part.text;
      return NONE;
    case "reasoning":
      takeReasoning(answer, part);
      return NONE;
    case "tool-call":
      takeToolPart(answer, part);
      return complete(answer, part.index);
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

function toMessage({ blocks, completed, text }: OpenAnswer, link: ChainLink): AssistantMessage {
  if (blocks.length === 0 && completed.length === 0) return { role: "assistant", content: text };
  const origin = { provider: link.provider, model: link.model };
  const reasoning = blocks.map(
    (block): ReasoningPart => ({
      type: "reasoning",
      text: block.text,
      origin,
      ...(block.data === undefined ? {} : { data: block.data }),
    }),
  );
  const texts: TextPart[] = text === "" ? [] : [{ type: "text", text }];
  const toolCalls = completed.map(
    ({ id, name, input }): ToolCallPart => ({ type: "tool-call", id, name, input: input ?? {} }),
  );
  return { role: "assistant", content: [...reasoning, ...texts, ...toolCalls] };
}

function reasoningOf({ blocks }: OpenAnswer): string | null {
  if (blocks.length === 0) return null;
  const told = blocks.map((block) => block.text).filter((text) => text !== "");
  return told.length === 0 ? null : told.join("\n\n");
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
    if (finishReason !== "length" && before === "") {
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
