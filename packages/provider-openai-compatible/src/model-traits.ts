import type { JsonObject, ModelCapabilities } from "@babylon/llm-core";

/** How the requests to a model are written and its answers are read, where the endpoints of this family differ. */
export interface ModelWire {
  /** The field of the output limit. Newer OpenAI models and Groq require `max_completion_tokens`. */
  readonly limitField: "max_tokens" | "max_completion_tokens";
  /** The role of system messages. OpenAI's reasoning models use `developer`. */
  readonly instructionRole: "system" | "developer";
  /** Sent as `stream_options`, which requests usage in streams. `null`: not sent, because the vendor always sends usage. */
  readonly streamOptions: JsonObject | null;
  /** How `reasoningEffort` is sent: as `reasoning_effort`, or as `chat_template_kwargs.enable_thinking` (true for all but `none`). */
  readonly effortField: "reasoning_effort" | "enable_thinking";
  /** With tools, `reasoning_effort` must be `none` (OpenAI's GPT-5.6 and 6 on Chat Completions). */
  readonly toolsNeedEffortNone: boolean;
  /** The field in which earlier reasoning is sent back to the model. `null`: it is omitted. */
  readonly reasoningBack: "reasoning" | "reasoning_content" | null;
  /** Maximum length of a tool call's id. `null`: unlimited. */
  readonly maxToolIdLength: number | null;
  /**
   * The model writes its reasoning between `<think>` and `</think>` at the start of its text. With `true` the opening tag may be missing,
   * because chat templates may contain it (vLLM, llama.cpp): text without it is buffered until `</think>` or the end, unless the call turns
   * reasoning off. `"opened"`: only with the opening tag. `"unsure"`, for models that may not reason: as `true`, but as `"opened"` for a caller
   * who reads the answer while it arrives.
   */
  readonly thinkTags: boolean | "opened" | "unsure";
  /** `[DONE]` without a finish reason makes an answer whole (some servers never send a reason). */
  readonly doneIsEnough: boolean;
  /** Additional fields of every request to the model. */
  readonly body: JsonObject | null;
}

/** A model's capabilities and wire options. */
export interface ModelTraits {
  readonly capabilities: ModelCapabilities;
  readonly wire: ModelWire;
}

/** The defaults for an unknown endpoint: everything in the protocol is supported, limits are unknown. */
export const PLAIN_TRAITS: ModelTraits = {
  capabilities: {
    images: true,
    files: true,
    tools: true,
    forcedToolChoice: true,
    schema: ["strict", "loose", "json-mode", "tool", "prompt"],
    schemaWithStreaming: true,
    schemaWithTools: true,
    sampling: true,
    seed: true,
    stopSequences: true,
    reasoningEffort: ["low", "medium", "high"],
    silentReasoning: false,
    assistantPrefill: false,
    contextTokens: null,
    maxOutputTokens: null,
  },
  wire: {
    limitField: "max_tokens",
    instructionRole: "system",
    streamOptions: { include_usage: true },
    effortField: "reasoning_effort",
    toolsNeedEffortNone: false,
    reasoningBack: null,
    maxToolIdLength: null,
    thinkTags: false,
    doneIsEnough: false,
    body: null,
  },
};
