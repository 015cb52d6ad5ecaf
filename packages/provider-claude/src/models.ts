import type { ModelCapabilities, ModelInfo, ReasoningEffort, RetiredModel, StrictSchemaRules } from "@babylon/llm-core";

/**
 * How a request turns thinking off: `between_tools` (Sonnet 5.5), `disabled` (most others), `null` if it cannot be turned off.
 */
export type ThinkingOff = "between_tools" | "disabled" | null;

/** The default model. */
export const DEFAULT_MODEL = "claude-sonnet-5-5";

interface ModelRow {
  readonly name: string;
  readonly description: string;
  readonly recommended?: boolean;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly retiresAt?: string;
  readonly effort: readonly ReasoningEffort[];
  readonly thinkingOff: ThinkingOff;
  /** Default true. */
  readonly forcedToolChoice?: boolean;
  /** Default false: refused since 4.6. */
  readonly assistantPrefill?: boolean;
  /** Thinks by default without sending the text, so that a stream is silent meanwhile. Default false. */
  readonly silentReasoning?: boolean;
}

const MILLION = 1_000_000;
const UP_TO_HIGH: readonly ReasoningEffort[] = ["low", "medium", "high"];
const WITHOUT_XHIGH: readonly ReasoningEffort[] = ["low", "medium", "high", "max"];
const ALL: readonly ReasoningEffort[] = ["low", "medium", "high", "xhigh", "max"];

/**
 * The known models, newest first. Sources: platform.claude.com, overview pages of models and migration guides
 * (2026-11); `@anthropic-ai/sdk` 1.12 (2026-11-20), the Model type.
 */
const ROWS: Readonly<Record<string, ModelRow>> = {
  "claude-sonnet-5-5": {
    name: "Claude Sonnet 5.5",
    description: "Balance of speed and intelligence",
    recommended: true,
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "between_tools",
    forcedToolChoice: false,
    silentReasoning: true,
  },
  "claude-haiku-5-5": {
    name: "Claude Haiku 5.5",
    description: "Fastest and cheapest; for many small calls",
    recommended: true,
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "disabled",
    silentReasoning: true,
  },
  "claude-opus-5-5": {
    name: "Claude Opus 5.5",
    description: "For long and difficult work",
    recommended: true,
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: null,
    forcedToolChoice: false,
    silentReasoning: true,
  },
  "claude-fable-5-2": {
    name: "Claude Fable 5.2",
    description: "Most capable, slow",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: null,
    forcedToolChoice: false,
    silentReasoning: true,
  },
  "claude-fable-5-1": {
    name: "Claude Fable 5.1",
    description: "Most capable of its time, slow",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: null,
    forcedToolChoice: false,
    silentReasoning: true,
  },
  "claude-opus-5": {
    name: "Claude Opus 5",
    description: "Predecessor of Opus 5.5",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "disabled",
    silentReasoning: true,
  },
  "claude-sonnet-5": {
    name: "Claude Sonnet 5",
    description: "Predecessor of Sonnet 5.5",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "disabled",
    silentReasoning: true,
  },
  "claude-opus-4-8": {
    name: "Claude Opus 4.8",
    description: "Older Opus; thinks only on request",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "disabled",
  },
  "claude-opus-4-7": {
    name: "Claude Opus 4.7",
    description: "Older Opus; thinks only on request",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: ALL,
    thinkingOff: "disabled",
  },
  "claude-opus-4-6": {
    name: "Claude Opus 4.6",
    description: "Older Opus; thinks only on request",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: WITHOUT_XHIGH,
    thinkingOff: "disabled",
  },
  "claude-sonnet-4-6": {
    name: "Claude Sonnet 4.6",
    description: "Older Sonnet; thinks only on request",
    contextTokens: MILLION,
    maxOutputTokens: 128_000,
    effort: WITHOUT_XHIGH,
    thinkingOff: "disabled",
  },
  "claude-opus-4-5": {
    name: "Claude Opus 4.5",
    description: "Older Opus",
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    effort: UP_TO_HIGH,
    thinkingOff: "disabled",
    assistantPrefill: true,
  },
  "claude-sonnet-4-5": {
    name: "Claude Sonnet 4.5",
    description: "Older Sonnet",
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    retiresAt: "2026-11-30",
    effort: [],
    thinkingOff: "disabled",
    assistantPrefill: true,
  },
  "claude-haiku-4-5": {
    name: "Claude Haiku 4.5",
    description: "Older Haiku",
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    effort: [],
    thinkingOff: "disabled",
    assistantPrefill: true,
  },
};

/**
 * Limits of strict schemas at Anthropic (structured outputs, 2026-11): 24 optional properties, 16 properties with several types. Bounds and
 * lengths are not enforced, so they are moved to descriptions.
 */
const STRICT_SCHEMA: StrictSchemaRules = {
  formats: ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"],
  maxOptionals: 24,
  maxUnions: 16,
};

function rowOf(model: string): ModelRow | undefined {
  if (Object.hasOwn(ROWS, model)) return ROWS[model];
  // Models up to 4.5 also have an id with a date: `claude-haiku-4-5-20251001`.
  const undated = model.replace(/-\d{8}$/, "");
  return Object.hasOwn(ROWS, undated) ? ROWS[undated] : undefined;
}

/** The models that are known without a request to the vendor. */
export const MODELS: readonly ModelInfo[] = Object.entries(ROWS).map(([id, row]) => ({
  id,
  name: row.name,
  description: row.description,
  recommended: row.recommended ?? false,
  contextTokens: row.contextTokens,
  maxOutputTokens: row.maxOutputTokens,
  retiresAt: row.retiresAt ?? null,
}));

/** How thinking is turned off for a model; for an unknown model, `disabled`. */
export function thinkingOffOf(model: string): ThinkingOff {
  const row = rowOf(model);
  return row === undefined ? "disabled" : row.thinkingOff;
}

/**
 * The capabilities of a model. API version 2026-10-21 refuses sampling options for every model and has no seed. An unknown model is assumed to
 * support everything that its family does, except prefill, which newer models refuse.
 */
export function capabilitiesOf(model: string): ModelCapabilities {
  const row = rowOf(model);
  const forcedToolChoice = row?.forcedToolChoice ?? true;
  const effort = row?.effort ?? ALL;
  return {
    images: true,
    files: true,
    tools: true,
    forcedToolChoice,
    schema: forcedToolChoice ? ["strict", "tool", "prompt"] : ["strict", "prompt"],
    strictSchema: STRICT_SCHEMA,
    schemaWithStreaming: true,
    schemaWithTools: true,
    sampling: false,
    seed: false,
    stopSequences: true,
    reasoningEffort: thinkingOffOf(model) === null ? effort : ["none", ...effort],
    // An unknown model is most likely new, and all new models think before they answer.
    silentReasoning: row === undefined ? true : (row.silentReasoning ?? false),
    assistantPrefill: row?.assistantPrefill ?? false,
    contextTokens: row?.contextTokens ?? null,
    maxOutputTokens: row?.maxOutputTokens ?? null,
  };
}

/** The traits of a model that affect a request. */
export interface RequestTraits {
  /** `null`: unknown. */
  readonly maxOutputTokens: number | null;
  readonly thinkingOff: ThinkingOff;
}

/** The model data that is passed to the lazily loaded calls. */
export interface ModelFacts {
  readonly models: readonly ModelInfo[];
  traitsOf(model: string): RequestTraits;
}

export const MODEL_FACTS: ModelFacts = {
  models: MODELS,
  traitsOf: (model) => ({
    maxOutputTokens: rowOf(model)?.maxOutputTokens ?? null,
    thinkingOff: thinkingOffOf(model),
  }),
};

const retire = (retiredAt: string, replacement: string, ids: readonly string[]): [string, RetiredModel][] =>
  ids.map((id) => [id, { retiredAt, replacement }]);

/**
 * Retired ids and ids with an announced retirement (platform.claude.com/docs, model deprecations, 2026-11; `claude-sonnet-4-5`:
 * `@anthropic-ai/sdk` 1.12).
 */
export const RETIRED: Readonly<Record<string, RetiredModel>> = Object.freeze(
  Object.fromEntries([
    ...retire("2026-11-30", "claude-sonnet-5-5", ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929"]),
    ...retire("2026-08-05", "claude-opus-5-5", ["claude-opus-4-1", "claude-opus-4-1-20250805"]),
    ...retire("2026-05-14", "claude-opus-5-5", ["claude-opus-4-0", "claude-opus-4-20250514"]),
    ...retire("2026-05-14", "claude-sonnet-5-5", ["claude-sonnet-4-0", "claude-sonnet-4-20250514"]),
    ...retire("2026-04-19", "claude-haiku-5-5", ["claude-3-haiku", "claude-3-haiku-20240307"]),
    ...retire("2026-02-19", "claude-sonnet-5-5", [
      "claude-3-7-sonnet",
      "claude-3-7-sonnet-latest",
      "claude-3-7-sonnet-20250219",
    ]),
    ...retire("2026-02-19", "claude-haiku-5-5", [
      "claude-3-5-haiku",
      "claude-3-5-haiku-latest",
      "claude-3-5-haiku-20241022",
    ]),
    ...retire("2026-01-05", "claude-opus-5-5", ["claude-3-opus", "claude-3-opus-latest", "claude-3-opus-20240229"]),
    ...retire("2025-10-28", "claude-sonnet-5-5", [
      "claude-3-5-sonnet",
      "claude-3-5-sonnet-latest",
      "claude-3-5-sonnet-20240620",
      "claude-3-5-sonnet-20241022",
    ]),
    ...retire("2025-07-21", "claude-sonnet-5-5", ["claude-3-sonnet-20240229", "claude-2.1", "claude-2.0"]),
  ]),
);
