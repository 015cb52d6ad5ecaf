import type { JsonObject, JsonValue, Message, ModelRequest, ResponseFormat, Tool, ToolChoice } from "@babylon/llm-core";
import { mergeBody, promptTexts } from "@babylon/provider-kit";
import type { ModelTraits, ModelWire } from "../model-traits.ts";
import { dropUndefined } from "./drop-undefined.ts";
import { toWireMessages } from "./to-wire-messages.ts";

/** What a body depends on besides the request. */
export interface BodyTarget {
  /** The provider's id. */
  readonly provider: string;
  readonly traits: ModelTraits;
  readonly stream: boolean;
}

/** Builds the body of a request to `/chat/completions`. */
export function toRequestBody(request: ModelRequest, { provider, traits, stream }: BodyTarget): JsonObject {
  const { wire, capabilities } = traits;
  const tools = toTools(request.tools);
  const body = dropUndefined({
    model: request.model,
    messages: toWireMessages(withJSONWord(request), { provider, wire }),
    [limitFieldOf(request, wire)]: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stopSequences,
    seed: request.seed,
    tools,
    tool_choice: tools === undefined ? undefined : toToolChoice(request.toolChoice),
    response_format: toResponseFormat(request.responseFormat, capabilities.schema.includes("strict")),
    stream_options: wire.streamOptions ?? undefined,
    ...toEffort(request, wire, tools !== undefined),
    ...wire.body,
  });
  const { stream_options, ...merged } = mergeBody(body, request.providerOptions?.body);
  // `model` and `stream` cannot be overridden: reading the reply and recording the call depend on them.
  const fixed = { ...merged, model: request.model, stream };
  return stream && stream_options !== undefined ? { ...fixed, stream_options } : fixed;
}

/** The field of the output limit: the other one of the two if the vendor refused the default. */
function limitFieldOf({ without = [] }: ModelRequest, { limitField }: ModelWire): ModelWire["limitField"] {
  if (!without.includes(limitField)) return limitField;
  return limitField === "max_tokens" ? "max_completion_tokens" : "max_tokens";
}

function toTools(tools: Readonly<Record<string, Tool>> | undefined): JsonValue[] | undefined {
  if (tools === undefined) return undefined;
  const list = Object.entries(tools).map(([name, { description, inputSchema, strict }]) => ({
    type: "function",
    function: dropUndefined({ name, description, parameters: inputSchema, strict }),
  }));
  return list.length === 0 ? undefined : list;
}

function toToolChoice(choice: ToolChoice | undefined): JsonValue | undefined {
  return typeof choice === "object" ? { type: "function", function: { name: choice.tool } } : choice;
}

/** `strict` is only requested from models that support it. */
function toResponseFormat(format: ResponseFormat | undefined, canBeStrict: boolean): JsonObject | undefined {
  if (format === undefined) return undefined;
  if (format.type === "json") return { type: "json_object" };
  const { name, schema, strict } = format;
  return { type: "json_schema", json_schema: { name, strict: strict && canBeStrict, schema } };
}

function toEffort({ reasoningEffort }: ModelRequest, wire: ModelWire, withTools: boolean): JsonObject {
  const effort = wire.toolsNeedEffortNone && withTools ? "none" : reasoningEffort;
  if (effort === undefined) return {};
  if (wire.effortField === "reasoning_effort") return { reasoning_effort: effort };
  return { chat_template_kwargs: { enable_thinking: effort !== "none" } };
}

/** OpenAI and Groq refuse JSON mode if no message mentions JSON. */
function withJSONWord({ messages, responseFormat }: ModelRequest): readonly Message[] {
  if (responseFormat?.type !== "json" || promptTexts({ messages }).some((text) => /json/i.test(text))) return messages;
  const after = messages.findIndex(({ role }) => role !== "system");
  return messages.toSpliced(after === -1 ? messages.length : after, 0, JSON_WORD);
}

const JSON_WORD: Message = { role: "system", content: "Answer with JSON." };
