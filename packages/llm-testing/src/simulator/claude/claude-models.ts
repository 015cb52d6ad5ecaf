/** What Anthropic makes of a model. */
export interface ClaudeModel {
  readonly displayName: string;
  readonly line: "haiku" | "sonnet" | "opus" | "fable";
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly lifecycle: "active" | "deprecated";
  readonly retiresAt: string | null;
  readonly effort: boolean;
  /** The values of `thinking.type`. */
  readonly thinking: readonly ("adaptive" | "between_tools" | "enabled" | "disabled")[];
  /** Whether it thinks when the request says nothing about it. */
  readonly thinksByDefault: boolean;
  readonly forcedToolChoice: boolean;
  readonly prefill: boolean;
  /** Sampling options under the older API version; the newer one has none. */
  readonly sampling: boolean;
}

const MODEL_5: Omit<ClaudeModel, "displayName" | "line"> = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  lifecycle: "active",
  retiresAt: null,
  effort: true,
  thinking: ["adaptive", "between_tools"],
  thinksByDefault: true,
  forcedToolChoice: false,
  prefill: false,
  sampling: false,
};

const MODEL_4: Omit<ClaudeModel, "displayName" | "line"> = {
  ...MODEL_5,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  effort: false,
  thinking: ["enabled", "disabled"],
  thinksByDefault: false,
  forcedToolChoice: true,
  prefill: true,
  sampling: true,
};

const SONNET_4_5: ClaudeModel = {
  ...MODEL_4,
  displayName: "Claude Sonnet 4.5",
  line: "sonnet",
  lifecycle: "deprecated",
  retiresAt: "2026-11-30T00:00:00Z",
};

const HAIKU_4_5: ClaudeModel = { ...MODEL_4, displayName: "Claude Haiku 4.5", line: "haiku" };

/**
 * The models on 2026-11-22. Sources: Anthropic's model pages and the migration guide of Sonnet 5.5 (2026-11), `@anthropic-ai/sdk`
 * 1.12 (2026-11-20).
 */
export const CLAUDE_MODELS: Readonly<Record<string, ClaudeModel>> = {
  "claude-sonnet-5-5": { ...MODEL_5, displayName: "Claude Sonnet 5.5", line: "sonnet" },
  "claude-opus-5-5": { ...MODEL_5, displayName: "Claude Opus 5.5", line: "opus", thinking: ["adaptive"] },
  "claude-haiku-5-5": {
    ...MODEL_5,
    displayName: "Claude Haiku 5.5",
    line: "haiku",
    thinking: ["adaptive", "disabled"],
    forcedToolChoice: true,
  },
  "claude-fable-5-2": { ...MODEL_5, displayName: "Claude Fable 5.2", line: "fable", thinking: ["adaptive"] },
  "claude-fable-5-1": { ...MODEL_5, displayName: "Claude Fable 5.1", line: "fable", thinking: ["adaptive"] },
  "claude-sonnet-4-5": SONNET_4_5,
  "claude-sonnet-4-5-20250929": SONNET_4_5,
  "claude-haiku-4-5": HAIKU_4_5,
  "claude-haiku-4-5-20251001": HAIKU_4_5,
};
