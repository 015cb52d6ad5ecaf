/** The values of `output_config.effort`, lowest first. */
export const CLAUDE_EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;

type ClaudeEffort = (typeof CLAUDE_EFFORTS)[number];

/** Anthropic's rules for a model. */
export interface ClaudeModel {
  readonly displayName: string;
  readonly line: "haiku" | "sonnet" | "opus" | "fable";
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly lifecycle: "active" | "deprecated";
  readonly retiresAt: string | null;
  /** The values of `output_config.effort`; empty if the parameter is refused. */
  readonly effort: readonly ClaudeEffort[];
  /** The values of `thinking.type`. */
  readonly thinking: readonly ("adaptive" | "between_tools" | "enabled" | "disabled")[];
  /** The values of `output_config.effort` that are refused while thinking is `disabled`. */
  readonly effortNeedsThinking: readonly ClaudeEffort[];
  /** Whether it thinks by default. */
  readonly thinksByDefault: boolean;
  readonly forcedToolChoice: boolean;
  readonly prefill: boolean;
  /** Sampling options under the older API version; the newer one has none. */
  readonly sampling: boolean;
}

/** 5.1 and later. */
const MODEL_5: Omit<ClaudeModel, "displayName" | "line"> = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  lifecycle: "active",
  retiresAt: null,
  effort: CLAUDE_EFFORTS,
  thinking: ["adaptive", "between_tools"],
  effortNeedsThinking: [],
  thinksByDefault: true,
  forcedToolChoice: false,
  prefill: false,
  sampling: false,
};

/** The first 5: thinking can still be turned off, and a tool be forced. */
const MODEL_5_0: Omit<ClaudeModel, "displayName" | "line"> = {
  ...MODEL_5,
  thinking: ["adaptive", "disabled"],
  forcedToolChoice: true,
};

/** 4.7 and 4.8: thinking only on request, and without a budget. */
const MODEL_4_7: Omit<ClaudeModel, "displayName" | "line"> = { ...MODEL_5_0, thinksByDefault: false };

/** 4.6: accepts budgets and sampling, but no prefills. */
const MODEL_4_6: Omit<ClaudeModel, "displayName" | "line"> = {
  ...MODEL_4_7,
  effort: ["low", "medium", "high", "max"],
  thinking: ["adaptive", "enabled", "disabled"],
  sampling: true,
};

const MODEL_4_5: Omit<ClaudeModel, "displayName" | "line"> = {
  ...MODEL_4_6,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  effort: [],
  thinking: ["enabled", "disabled"],
  prefill: true,
};

const SONNET_4_5: ClaudeModel = {
  ...MODEL_4_5,
  displayName: "Claude Sonnet 4.5",
  line: "sonnet",
  lifecycle: "deprecated",
  retiresAt: "2026-11-30T00:00:00Z",
};

const OPUS_4_5: ClaudeModel = {
  ...MODEL_4_5,
  displayName: "Claude Opus 4.5",
  line: "opus",
  effort: ["low", "medium", "high"],
};

const HAIKU_4_5: ClaudeModel = { ...MODEL_4_5, displayName: "Claude Haiku 4.5", line: "haiku" };

/**
 * The models on 2026-11-22. Sources: Anthropic's model pages and the migration guides up to Sonnet 5.5 (2026-11), `@anthropic-ai/sdk`
 * 1.12 (2026-11-20).
 */
export const CLAUDE_MODELS: Readonly<Record<string, ClaudeModel>> = {
  "claude-sonnet-5-5": { ...MODEL_5, displayName: "Claude Sonnet 5.5", line: "sonnet" },
  "claude-opus-5-5": { ...MODEL_5, displayName: "Claude Opus 5.5", line: "opus", thinking: ["adaptive"] },
  "claude-haiku-5-5": { ...MODEL_5_0, displayName: "Claude Haiku 5.5", line: "haiku" },
  "claude-fable-5-2": { ...MODEL_5, displayName: "Claude Fable 5.2", line: "fable", thinking: ["adaptive"] },
  "claude-fable-5-1": { ...MODEL_5, displayName: "Claude Fable 5.1", line: "fable", thinking: ["adaptive"] },
  "claude-opus-5": {
    ...MODEL_5_0,
    displayName: "Claude Opus 5",
    line: "opus",
    effortNeedsThinking: ["xhigh", "max"],
  },
  "claude-sonnet-5": { ...MODEL_5_0, displayName: "Claude Sonnet 5", line: "sonnet" },
  "claude-opus-4-8": { ...MODEL_4_7, displayName: "Claude Opus 4.8", line: "opus" },
  "claude-opus-4-7": { ...MODEL_4_7, displayName: "Claude Opus 4.7", line: "opus" },
  "claude-opus-4-6": { ...MODEL_4_6, displayName: "Claude Opus 4.6", line: "opus" },
  "claude-sonnet-4-6": { ...MODEL_4_6, displayName: "Claude Sonnet 4.6", line: "sonnet" },
  "claude-opus-4-5": OPUS_4_5,
  "claude-opus-4-5-20251101": OPUS_4_5,
  "claude-sonnet-4-5": SONNET_4_5,
  "claude-sonnet-4-5-20250929": SONNET_4_5,
  "claude-haiku-4-5": HAIKU_4_5,
  "claude-haiku-4-5-20251001": HAIKU_4_5,
};
