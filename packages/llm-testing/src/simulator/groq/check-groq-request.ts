import type { ReasoningVisibility, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { optionalBoolean, optionalWord } from "../openai-wire/check-fields.ts";
import { effortOf, limitOf, refuseOverflow, refuseSet } from "../openai-wire/check-model.ts";
import { GROQ_WORDS } from "../openai-wire/model-words.ts";
import { type ChatRequest, type ChatRules, completeAsk, readChatRequest } from "../openai-wire/read-chat-request.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkGroqSchema } from "./check-groq-schema.ts";
import { GROQ_DECOMMISSIONED, GROQ_MODELS, type GroqModel } from "./groq-models.ts";

/** Groq's fields besides the shared ones: `ChatCompletionCreateParams` of `groq-sdk` 1.6 (2026-08-25), and `stream_options`, which Groq's API reference lists. */
const FIELDS: readonly string[] = [
  "citation_options",
  "compound_custom",
  "disable_tool_validation",
  "documents",
  "exclude_domains",
  "include_domains",
  "include_reasoning",
  "max_completion_tokens",
  "metadata",
  "reasoning_format",
  "search_settings",
  "service_tier",
  "store",
];

/**
 * Reads a chat completion as Groq would.
 *
 * @throws RequestRefusedError
 */
export function checkGroqRequest(
  body: unknown,
  limitsOf: (id: string, model: GroqModel) => GroqModel,
): SimulatedRequest {
  const request = readChatRequest(body, { modelOf: (id) => limitsOf(id, modelOf(id)), rulesOf });
  const { fields, ask, model } = request;
  refuseUnsupported(fields);
  checkFormat(request);
  const tier = optionalWord(fields, "service_tier", ["auto", "on_demand", "flex", "performance"]);
  optionalBoolean(fields, "disable_tool_validation");
  const maxOutputTokens = limitOf(fields, model, GROQ_WORDS);
  refuseOverflow(ask.inputTokens, model, GROQ_WORDS);
  return completeAsk(request, maxOutputTokens, reasoningOf(request), {
    serviceTier: tier === null || tier === "auto" ? "on_demand" : tier,
    region: "us-west-1",
  });
}

function modelOf(id: string): GroqModel {
  const known = GROQ_MODELS[id];
  if (known !== undefined) return known;
  if (GROQ_DECOMMISSIONED.has(id)) {
    const message = `The model \`${id}\` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.`;
    throw new RequestRefusedError("other", null, message, "model_decommissioned");
  }
  throw GROQ_WORDS.unknownModel(id);
}

const rulesOf = (model: GroqModel): ChatRules => ({
  fields: FIELDS,
  roles: ["system", "user", "assistant", "tool"],
  assistantFields: ["reasoning"],
  images: model.images
    ? true
    : (path) =>
        new RequestRefusedError("other", null, `${path.replace(/\.content\[\d+\]$/, ".content")} must be a string`),
  checkStrictTool: () => {},
});

function refuseUnsupported(fields: Fields): void {
  if (typeof fields.n === "number" && fields.n > 1) {
    throw new RequestRefusedError("other", null, "'n' : number must be at most 1");
  }
  refuseSet(fields, ["presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"], GROQ_WORDS);
}

function checkFormat({ format, ask, model }: ChatRequest<GroqModel>): void {
  if (format.format.type !== "schema") return;
  if (model.schema === "none") {
    const message =
      "This model does not support response format `json_schema`. See supported models at https://console.groq.com/docs/structured-outputs#supported-models";
    throw new RequestRefusedError("other", "response_format", message);
  }
  if (ask.stream)
    throw new RequestRefusedError("other", null, "response_format `json_schema` does not support streaming");
  if (ask.tools.length > 0) {
    throw new RequestRefusedError("other", null, "response_format `json_schema` cannot be combined with tool calling");
  }
  if (format.strict !== true) return;
  if (model.schema !== "strict") {
    throw new RequestRefusedError(
      "other",
      "response_format",
      "This model does not support `strict: true` in response format `json_schema`",
    );
  }
  checkGroqSchema(format.format.schema, format.name);
}

function reasoningOf({ fields, ask, model }: ChatRequest<GroqModel>): ReasoningVisibility {
  const effort = effortOf(fields, ask.model, model, GROQ_WORDS);
  const format = optionalWord(fields, "reasoning_format", ["hidden", "raw", "parsed"]);
  const include = optionalBoolean(fields, "include_reasoning");
  if (format !== null && include !== null) {
    const message = "cannot specify both `include_reasoning` and `reasoning_format`";
    throw new RequestRefusedError("other", null, message);
  }
  if ((format !== null || include !== null) && model.efforts.length === 0) {
    const name = format === null ? "include_reasoning" : "reasoning_format";
    throw GROQ_WORDS.unsupported(name);
  }
  if (model.efforts.length === 0 || effort === "none") return "none";
  return format === "hidden" || include === false ? "silent" : "visible";
}
