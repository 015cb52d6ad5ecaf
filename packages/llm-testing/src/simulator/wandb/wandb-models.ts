/** W&B's rules for a model. */
export interface WandbModel {
  readonly contextTokens: number | null;
  readonly images: boolean;
  /** Whether the model reasons, and whether `chat_template_kwargs.enable_thinking` can turn it off. */
  readonly thinking: "none" | "always" | "on" | "off";
}

const model = (thinking: WandbModel["thinking"], images = false, contextTokens: number | null = null): WandbModel => ({
  contextTokens,
  images,
  thinking,
});

/**
 * The catalogue on 2026-10-07. Sources: the manifest of CoreWeave's own plugin (2026-10-07), W&B's reasoning page: always on for
 * gpt-oss, Kimi and MiniMax, off by default for DeepSeek V4. Limits that are not published are unknown here too.
 */
export const WANDB_MODELS: Readonly<Record<string, WandbModel>> = {
  "meta-llama/Llama-3.3-70B-Instruct": model("none", false, 128_000),
  "meta-llama/Llama-3.1-8B-Instruct": model("none", false, 131_072),
  "openai/gpt-oss-120b": model("always", false, 131_072),
  "openai/gpt-oss-20b": model("always", false, 131_072),
  "moonshotai/Kimi-K2.7-Code": model("always"),
  "moonshotai/Kimi-K2.6": model("always", true),
  "deepseek-ai/DeepSeek-V3.1": model("off"),
  "deepseek-ai/DeepSeek-V4-Pro-0813": model("off"),
  "deepseek-ai/DeepSeek-V4-Flash-0731": model("off"),
  "deepseek-ai/DeepSeek-V4.1-Flash": model("off"),
  "Qwen/Qwen3.6-35B-A3B": model("on", true),
  "Qwen/Qwen3.8-27B": model("on", true),
  "google/gemma-4-31B-it": model("none", true),
  "google/gemma-4-26B-A4B-it": model("none", true),
  "ibm-granite/granite-4.2-8b": model("none"),
  "MiniMaxAI/MiniMax-M3": model("always"),
  "zai-org/GLM-5.3-Flash": model("on"),
  "zai-org/GLM-5.2": model("on"),
};

/** A custom LoRA: `wandb-artifact:///entity/project/name:version`, three slashes. */
export const LORA: RegExp = /^wandb-artifact:\/\/\/[\w.-]+\/[\w.-]+\/[\w.-]+:[\w.-]+$/;
