import type { ChainLink } from "../chain/plan-chain.ts";
import { LLMError } from "../errors/llm-error.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { AssistantMessage, ReasoningPart, TextPart, ToolCallPart } from "../message.ts";
import type { FinishReason, ModelResponse, StreamPart } from "../provider.ts";
import type { Tool, ToolCall } from "../tool.ts";
import type { Usage } from "../usage.ts";

interface OpenToolCall {
  id: string | null;
  name: string | null;
  inputText: string;
}

/** What an answer is when its last part has come. */
export interface FinishedAnswer {
  readonly text: string;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly message: AssistantMessage;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly responseId: string | null;
  readonly responseModel: string | null;
}

/** The answer of one attempt while it arrives. */
export interface Answer {
  readonly text: string;
  readonly usage: Usage | null;
  readonly hasToolPart: boolean;
  readonly finished: boolean;
  /** Takes the next part. Returns the tool calls that it completed. Throws `invalid_response` when one of these goes on after all. */
  take(part: StreamPart): readonly ToolCall[];
  /** The whole answer; throws `truncated` when no finish part came, `content_filter` or `invalid_response` when it is empty. */
  finish(link: ChainLink): FinishedAnswer;
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
    input = JSON.parse(rawInput);
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
): Answer {
  let text = before;
  let usage: Usage | null = null;
  const blocks: { text: string; data: JsonObject | undefined; closed: boolean }[] = [];
  const calls: OpenToolCall[] = [];
  const completed: ToolCall[] = [];
  let finish: (StreamPart & { type: "finish" }) | null = null;

  function takeReasoning(part: StreamPart & { type: "reasoning" }): void {
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

  function takeToolPart(part: StreamPart & { type: "tool-call" }): void {
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

  /** Calls before `end` are complete once a later one has begun or the answer is over. */
  function complete(end: number): readonly ToolCall[] {
    const fresh: ToolCall[] = [];
    for (let index = completed.length; index < end; index += 1) {
      const call = calls[index];
      const toolCall = readToolCall(
        { id: call?.id ?? `call_${index}`, name: call?.name ?? "", inputText: call?.inputText ?? "" },
        tools,
      );
      completed.push(toolCall);
      fresh.push(toolCall);
    }
    return fresh;
  }

  function message(link: ChainLink): AssistantMessage {
    const origin = { provider: link.provider, model: link.model };
    const reasoning = blocks.map(
      (block): ReasoningPart => ({
        type: "reasoning",
        text: block.text,
        origin,
        ...(block.data === undefined ? {} : { data: block.data }),
      }),
    );
    if (reasoning.length === 0 && completed.length === 0) return { role: "assistant", content: text };
    const texts: TextPart[] = text === "" ? [] : [{ type: "text", text }];
    const toolCalls = completed.map(
      ({ id, name, input }): ToolCallPart => ({ type: "tool-call", id, name, input: input ?? {} }),
    );
    return { role: "assistant", content: [...reasoning, ...texts, ...toolCalls] };
  }

  const NONE: readonly ToolCall[] = [];
  return {
    get text() {
      return text;
    },
    get usage() {
      return usage;
    },
    get hasToolPart() {
      return calls.length > 0;
    },
    get finished() {
      return finish !== null;
    },
    take(part) {
      switch (part.type) {
        case "text":
          text += part.text;
          return NONE;
        case "reasoning":
          takeReasoning(part);
          return NONE;
        case "tool-call":
          takeToolPart(part);
          return part.index > completed.length ? complete(part.index) : NONE;
        case "usage":
          usage = part.usage;
          return NONE;
        case "finish":
          finish = part;
          return complete(calls.length);
        default:
          // A kind that a later version of the contract may bring.
          return NONE;
      }
    },
    finish(link) {
      if (finish === null)
        throw new LLMError({ code: "truncated", message: "the answer ended before its end was marked" });
      const { finishReason, rawFinishReason, responseId, responseModel } = finish;
      if (text === before && completed.length === 0) {
        if (finishReason === "content-filter") {
          throw new LLMError({ code: "content_filter", message: "the provider refused to answer (content policy)" });
        }
        if (finishReason !== "length" && before === "") {
          throw new LLMError({ code: "invalid_response", message: "the answer is empty" });
        }
      }
      const shown = blocks.map((block) => block.text).filter((block) => block !== "");
      return {
        text,
        reasoning: shown.length === 0 ? null : shown.join("\n\n"),
        toolCalls: completed,
        message: message(link),
        finishReason,
        rawFinishReason,
        responseId,
        responseModel,
      };
    },
  };
}

/** The parts that a stream of the same answer would have had. */
export function* partsOf(response: ModelResponse): Generator<StreamPart> {
  for (const { text, data } of response.reasoning) {
    yield { type: "reasoning", text, ...(data === undefined ? {} : { data }) };
  }
  if (response.text !== "") yield { type: "text", text: response.text };
  for (const [index, { id, name, inputText }] of response.toolCalls.entries()) {
    yield { type: "tool-call", index, id, name, inputText };
  }
  yield { type: "usage", usage: response.usage };
  const { finishReason, rawFinishReason, responseId, responseModel } = response;
  yield { type: "finish", finishReason, rawFinishReason, responseId, responseModel };
}
