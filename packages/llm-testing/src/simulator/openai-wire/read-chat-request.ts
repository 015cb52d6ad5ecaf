import type { JsonObject } from "@babylon/llm-core";
import type { Ask, ReasoningShown } from "../answer/ask.ts";
import { promptTokens } from "../answer/tokens.ts";
import { RequestRefused } from "../refusal.ts";
import {
  type Fields,
  onlyKnown,
  optionalBoolean,
  optionalNumber,
  requiredList,
  requiredObject,
} from "./check-fields.ts";
import { checkMessages, type MessageRules } from "./check-messages.ts";
import { type AskedFormat, checkResponseFormat } from "./check-response-format.ts";
import { checkTools } from "./check-tools.ts";

/** What a vendor's check of a chat request starts from. */
export interface ChatRequest {
  readonly fields: Fields;
  readonly ask: Omit<Ask, "reasoning" | "maxOutputTokens">;
  readonly format: AskedFormat;
}

/** Where the vendors differ about a chat request. */
export interface ChatRules extends MessageRules {
  readonly fields: ReadonlySet<string>;
  checkStrictTool(schema: JsonObject, name: string, path: string): void;
}

/**
 * Reads what all OpenAI-compatible vendors share and refuses what none of them takes.
 *
 * @param rulesOf - called with the model, which it refuses when the vendor does not serve it
 * @throws RequestRefused
 */
export function readChatRequest(body: unknown, rulesOf: (model: string) => ChatRules): ChatRequest {
  const fields = requiredObject(body, "body");
  const model = fields.model;
  if (typeof model !== "string" || model === "") {
    throw new RequestRefused("missing", "model", "you must provide a model parameter");
  }
  const rules = rulesOf(model);
  onlyKnown(fields, rules.fields);
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
    format,
    ask: {
      model,
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

function streamOptionsOf(fields: Fields, stream: boolean): Pick<Ask, "streamUsage" | "obfuscated"> {
  if (fields.stream_options === undefined || fields.stream_options === null) {
    return { streamUsage: false, obfuscated: true };
  }
  if (!stream) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw new RequestRefused("other", "stream_options", message);
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
    throw new RequestRefused("value", "stop", `${message} ${list.length} instead.`, "array_above_max_length");
  }
  return list.map((one, index) => {
    if (typeof one === "string" && one !== "") return one;
    throw new RequestRefused("type", `stop[${index}]`, `Invalid 'stop[${index}]': expected a non-empty string.`);
  });
}

/** Puts the vendor's own findings to the shared ones. */
export function completeAsk(request: ChatRequest, maxOutputTokens: number | null, reasoning: ReasoningShown): Ask {
  return { ...request.ask, maxOutputTokens, reasoning };
}
