import type { JsonObject, ModelCapabilities } from "@babylon/llm-core";

/** How one model wants its requests written and its answers read, where the endpoints of this family differ. */
export interface ModelWire {
  /** The field of the output limit. Newer OpenAI models and Groq want `max_completion_tokens`. */
  readonly limitField: "max_tokens" | "max_completion_tokens";
  /** The role of instructions. OpenAI's reasoning models call it `developer`. */
  readonly instructionRole: "system" | "developer";
  /** Sent as `stream_options`, which asks for usage in streams. `null`: not sent, the vendor tells usage by itself. */
  readonly streamOptions: JsonObject | null;
  /** How `reasoningEffort` goes out: as `reasoning_effort`, or as `chat_template_kwargs.enable_thinking` (all but `none`: true). */
  readonly effortField: "reasoning_effort" | "enable_thinking";
  /** With tools, `reasoning_effort` must be `none` (OpenAI's GPT-5.6 and 6 on Chat Completions). */
  readonly toolsNeedEffortNone: boolean;
  /** The field in which earlier reasoning goes back to the model. `null`: it is left out. */
  readonly reasoningBack: "reasoning" | "reasoning_content" | null;
  /** Longest id of a tool call that is taken. `null`: any. */
  readonly maxToolIdLength: number | null;
  /**
   * The model writes its reasoning between `<think>` and `</think>` at the start of its text. With `true` the first tag may be missing,
   * since templates begin the thought (vLLM, llama.cpp): text without it is held back until `</think>` comes, or the end, unless the
   * call asks for no reasoning. `"opened"`: only where the first tag is there.
   */
  readonly thinkTags: boolean | "opened";
  /** `[DONE]` alone, without a finish reason, makes an answer whole (some servers never send one). */
  readonly doneIsEnough: boolean;
  /** Further fields of every request to the model. */
  readonly body: JsonObject | null;
}

/** What a model can, and how it is spoken to. */
export interface ModelTraits {
  readonly capabilities: ModelCapabilities;
  readonly wire: ModelWire;
}

/** What is assumed of an endpoint that nothing is known about: everything the protocol has, limits unknown. */
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
