import type { JsonObject } from "@babylon/llm-core";
import type { ReasoningVisibility, Serving, SimulatedRequest } from "../answer/simulated-request.ts";
import { promptTokens } from "../answer/tokens.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { onlyKnown, optionalBoolean, optionalNumber, requiredList, requiredObject } from "./check-fields.ts";
import { checkMessages, type MessageRules } from "./check-messages.ts";
import { type AskedFormat, checkResponseFormat } from "./check-response-format.ts";
import { checkTools } from "./check-tools.ts";

/** The input of a vendor's own checks of a chat request. */
export interface ChatRequest<M> {
  readonly fields: Fields;
  /** The vendor's rules for the model. */
  readonly model: M;
  readonly ask: Omit<SimulatedRequest, "reasoning" | "maxOutputTokens" | "serving" | "cacheWrites">;
  readonly format: AskedFormat;
}

/** How the vendors' checks of a chat request differ. */
export interface ChatRules extends MessageRules {
  /** The fields besides the shared ones. */
  readonly fields: readonly string[];
  checkStrictTool(schema: JsonObject, name: string, path: string): void;
}

/** A vendor's models and their rules. */
export interface ChatVendor<M> {
  /** Throws for a model that the vendor does not serve. */
  modelOf(id: string): M;
  rulesOf(model: M): ChatRules;
}

/** The fields that all vendors accept. */
const SHARED_FIELDS: readonly string[] = [
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "max_tokens",
  "messages",
  "model",
  "n",
  "parallel_tool_calls",
  "presence_penalty",
  "reasoning_effort",
  "response_format",
  "seed",
  "stop",
  "stream",
  "stream_options",
  "temperature",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "user",
];

/**
 * Reads a chat request, and applies the checks that all OpenAI-compatible vendors share.
 *
 * @throws RequestRefusedError
 */
export function readChatRequest<M>(body: unknown, vendor: ChatVendor<M>): ChatRequest<M> {
  const fields = requiredObject(body, "body");
  const id = fields.model;
  if (typeof id !== "string" || id === "") {
    throw new RequestRefusedError("missing", "model", "you must provide a model parameter");
  }
  const model = vendor.modelOf(id);
  const rules = vendor.rulesOf(model);
  onlyKnown(fields, new Set([...SHARED_FIELDS, ...rules.fields]));
  const messages = checkMessages(fields.messages, rules);
  optionalNumber(fields, "temperature", { min: 0, max: 2 });
  optionalNumber(fields, "top_p", { min: 0, max: 1 });
  optionalNumber(fields, "seed", { whole: true });
  optionalNumber(fields, "n", { min: 1, max: 128, whole: true });
  const stream = optionalBoolean(fields, "stream") ?? false;
  const { tools, toolChoice } = checkTools(fields, rules.checkStrictTool);
  const format = checkResponseFormat(fields, messages.text);
  const schemaChars = format.format.type === "schema" ? JSON.stringify(format.format.schema).length : 0;
  const toolChars = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  return {
    fields,
    model,
    format,
    ask: {
      model: id,
      stream,
      ...streamOptionsOf(fields, stream),
      prompt: messages.text,
      lastUserText: messages.lastUserText,
      inputTokens: promptTokens(messages.text.length + schemaChars + toolChars, messages.count),
      stop: stopOf(fields),
      format: format.format,
      tools,
      toolChoice,
      parallelToolCalls: optionalBoolean(fields, "parallel_tool_calls") ?? true,
    },
  };
}

function streamOptionsOf(fields: Fields, stream: boolean): Pick<SimulatedRequest, "streamUsage" | "obfuscated"> {
  if (fields.stream_options === undefined || fields.stream_options === null) {
    return { streamUsage: false, obfuscated: true };
  }
  if (!stream) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw new RequestRefusedError("other", "stream_options", message);
  }
  const options = requiredObject(fields.stream_options, "stream_options");
  onlyKnown(options, new Set(["include_usage", "include_obfuscation"]), "stream_options");
  return { streamUsage: options.include_usage === true, obfuscated: options.include_obfuscation !== false };
}

function stopOf(fields: Fields): readonly string[] {
  const { stop } = fields;
  if (stop === undefined || stop === null) return [];
  if (typeof stop === "string") return [stop];
  const list = requiredList(stop, "stop");
  if (list.length > 4) {
    const message =
      "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length";
    throw new RequestRefusedError("value", "stop", `${message} ${list.length} instead.`, "array_above_max_length");
  }
  return list.map((one, index) => {
    if (typeof one === "string" && one !== "") return one;
    throw new RequestRefusedError("type", `stop[${index}]`, `Invalid 'stop[${index}]': expected a non-empty string.`);
  });
}

/** Adds the results of the vendor's checks to the shared ones. */
export function completeAsk(
  { ask }: Pick<ChatRequest<unknown>, "ask">,
  maxOutputTokens: number | null,
  reasoning: ReasoningVisibility,
  { cacheWrites = "none", ...serving }: Partial<Serving & Pick<SimulatedRequest, "cacheWrites">> = {},
): SimulatedRequest {
  return { ...ask, maxOutputTokens, reasoning, cacheWrites, serving: { ...SERVED_SILENTLY, ...serving } };
}

const SERVED_SILENTLY: Serving = { serviceTier: null, speed: null, region: null };
