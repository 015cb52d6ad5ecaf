import type { Ask, ReasoningShown } from "../answer/ask.ts";
import { type Fields, optionalBoolean, optionalNumber, optionalWord } from "../openai-wire/check-fields.ts";
import { type ChatRequest, type ChatRules, completeAsk, readChatRequest } from "../openai-wire/read-chat-request.ts";
import { RequestRefused } from "../refusal.ts";
import { checkGroqSchema } from "./check-groq-schema.ts";
import { GROQ_DECOMMISSIONED, GROQ_MODELS, type GroqModel } from "./groq-models.ts";

/** `ChatCompletionCreateParams` of `groq-sdk` 1.6 (2026-08-25), and `stream_options`, which Groq's API reference lists. */
const FIELDS: ReadonlySet<string> = new Set([
  "citation_options",
  "compound_custom",
  "disable_tool_validation",
  "documents",
  "exclude_domains",
  "frequency_penalty",
  "include_domains",
  "include_reasoning",
  "logit_bias",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "messages",
  "metadata",
  "model",
  "n",
  "parallel_tool_calls",
  "presence_penalty",
  "reasoning_effort",
  "reasoning_format",
  "response_format",
  "search_settings",
  "seed",
  "service_tier",
  "stop",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "user",
]);

/**
 * Reads a chat completion as Groq would.
 *
 * @throws RequestRefused
 */
export function checkGroqRequest(body: unknown, limitsOf: (id: string, model: GroqModel) => GroqModel): Ask {
  let model: GroqModel | undefined;
  const request = readChatRequest(body, (id) => {
    model = limitsOf(id, modelOf(id));
    return rulesOf(model);
  });
  if (model === undefined) throw new RequestRefused("missing", "model", "you must provide a model parameter");
  const { fields, ask } = request;
  refuseUnsupported(fields);
  checkFormat(request, model);
  optionalWord(fields, "service_tier", ["auto", "on_demand", "flex", "performance"]);
  optionalBoolean(fields, "disable_tool_validation");
  const maxOutputTokens = maxTokensOf(fields, model);
  refuseOverflow(ask.inputTokens, model.contextTokens);
  return completeAsk(request, maxOutputTokens, reasoningOf(fields, model));
}

function modelOf(id: string): GroqModel {
  const known = GROQ_MODELS[id];
  if (known !== undefined) return known;
  if (GROQ_DECOMMISSIONED.has(id)) {
    const message = `The model \`${id}\` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.`;
    throw new RequestRefused("other", null, message, "model_decommissioned");
  }
  throw new RequestRefused(
    "model-not-found",
    null,
    `The model \`${id}\` does not exist or you do not have access to it.`,
  );
}

const rulesOf = (model: GroqModel): ChatRules => ({
  fields: FIELDS,
  roles: ["system", "user", "assistant", "tool"],
  assistantFields: ["reasoning"],
  images: model.images
    ? true
    : (path) => new RequestRefused("other", null, `${path.replace(/\.content\[\d+\]$/, ".content")} must be a string`),
  checkStrictTool: () => {},
});

function refuseUnsupported(fields: Fields): void {
  if (typeof fields.n === "number" && fields.n > 1) {
    throw new RequestRefused("other", null, "'n' : number must be at most 1");
  }
  for (const name of ["presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"]) {
    const value = fields[name];
    if (value === undefined || value === null || value === 0 || value === false) continue;
    throw new RequestRefused("unsupported-parameter", null, `\`${name}\` is not supported with this model`);
  }
}

function checkFormat({ format, ask }: ChatRequest, model: GroqModel): void {
  if (format.format.type !== "schema") return;
  if (model.schema === "none") {
    const message =
      "This model does not support response format `json_schema`. See supported models at https://console.groq.com/docs/structured-outputs#supported-models";
    throw new RequestRefused("other", "response_format", message);
  }
  if (ask.stream) throw new RequestRefused("other", null, "response_format `json_schema` does not support streaming");
  if (ask.tools.length > 0) {
    throw new RequestRefused("other", null, "response_format `json_schema` cannot be combined with tool calling");
  }
  if (format.strict !== true) return;
  if (model.schema !== "strict") {
    throw new RequestRefused(
      "other",
      "response_format",
      "This model does not support `strict: true` in response format `json_schema`",
    );
  }
  checkGroqSchema(format.format.schema, format.name);
}

function reasoningOf(fields: Fields, model: GroqModel): ReasoningShown {
  const effort = fields.reasoning_effort;
  if (effort !== undefined && effort !== null) {
    if (model.efforts.length === 0) {
      throw new RequestRefused("unsupported-parameter", null, "`reasoning_effort` is not supported with this model");
    }
    if (!model.efforts.includes(String(effort))) {
      const known = model.efforts.map((one) => `\`${one}\``).join(", ");
      throw new RequestRefused("value", null, `\`reasoning_effort\` must be one of ${known}`);
    }
  }
  const format = optionalWord(fields, "reasoning_format", ["hidden", "raw", "parsed"]);
  const include = optionalBoolean(fields, "include_reasoning");
  if (format !== null && include !== null) {
    const message = "cannot specify both `include_reasoning` and `reasoning_format`";
    throw new RequestRefused("other", null, message);
  }
  if ((format !== null || include !== null) && model.efforts.length === 0) {
    const name = format === null ? "include_reasoning" : "reasoning_format";
    throw new RequestRefused("unsupported-parameter", null, `\`${name}\` is not supported with this model`);
  }
  if (model.efforts.length === 0 || effort === "none") return "none";
  return format === "hidden" || include === false ? "silent" : "visible";
}

function maxTokensOf(fields: Fields, model: GroqModel): number | null {
  const newer = optionalNumber(fields, "max_completion_tokens", { min: 1, whole: true });
  const asked = newer ?? optionalNumber(fields, "max_tokens", { min: 1, whole: true });
  const most = model.maxOutputTokens;
  if (asked !== null && most !== null && asked > most) {
    const name = newer === null ? "max_tokens" : "max_completion_tokens";
    const message = `\`${name}\` must be less than or equal to \`${most}\`, the maximum value for \`${name}\` is less than the \`context_window\` for this model`;
    throw new RequestRefused("other", name, message);
  }
  return asked;
}

function refuseOverflow(inputTokens: number, contextTokens: number | null): void {
  if (contextTokens === null || inputTokens <= contextTokens) return;
  throw new RequestRefused("context-length", "messages", "Please reduce the length of the messages or completion.");
}
