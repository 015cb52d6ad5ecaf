import type { ModelCapabilities, RetiredModel, SchemaDialect } from "@babylon/llm-core";
import { type ModelRow, type ModelTraits, type ModelWire, PLAIN_TRAITS } from "@babylon/provider-openai-compatible";

/** Groq's recommended successor of `llama-3.3-70b-versatile`. */
export const DEFAULT_MODEL = "openai/gpt-oss-120b";

const WITHOUT_SCHEMA: readonly SchemaDialect[] = ["json-mode", "tool", "prompt"];
const WITH_LOOSE_SCHEMA: readonly SchemaDialect[] = ["loose", ...WITHOUT_SCHEMA];
const WITH_STRICT_SCHEMA: readonly SchemaDialect[] = ["strict", ...WITH_LOOSE_SCHEMA];

/**
 * The traits of models without a row. A schema cannot be combined with streaming or tools, and only three models enforce it
 * (console.groq.com/docs/structured-outputs, 2026-10). Every stream contains usage without a request for it (groq-sdk 1.6.0, 2026-08-25).
 */
export const BASE_TRAITS: ModelTraits = {
  capabilities: {
    ...PLAIN_TRAITS.capabilities,
    files: false,
    schema: WITHOUT_SCHEMA,
    schemaWithStreaming: false,
    schemaWithTools: false,
    reasoningEffort: [],
  },
  wire: { ...PLAIN_TRAITS.wire, limitField: "max_completion_tokens", streamOptions: null },
};

const GPT_OSS: Partial<ModelCapabilities> = { images: false, reasoningEffort: ["low", "medium", "high"] };

/** Earlier reasoning may be sent back to reasoning models (groq-sdk 1.6.0). */
const REASONS: Partial<ModelWire> = { reasoningBack: "reasoning" };

/** Qwen writes its reasoning into the text unless `reasoning_format` separates it (console.groq.com/docs/reasoning, 2026-08). */
const QWEN: Partial<ModelWire> = { ...REASONS, body: { reasoning_format: "parsed" } };

/** console.groq.com/docs/models, 2026-08, and groq-sdk 1.6.0. */
export const ROWS: readonly ModelRow[] = [
  {
    id: "openai/gpt-oss-120b",
    name: "gpt-oss 120B",
    description: "Reasons, visibly and fast. The default.",
    recommended: true,
    contextTokens: 131_072,
    maxOutputTokens: 65_536,
    capabilities: { ...GPT_OSS, schema: WITH_STRICT_SCHEMA },
    wire: REASONS,
  },
  {
    id: "openai/gpt-oss-20b",
    name: "gpt-oss 20B",
    description: "Reasons; the cheapest and fastest.",
    recommended: true,
    contextTokens: 131_072,
    maxOutputTokens: 65_536,
    capabilities: { ...GPT_OSS, schema: WITH_STRICT_SCHEMA },
    wire: REASONS,
  },
  {
    id: "openai/gpt-oss-safeguard-20b",
    name: "gpt-oss safeguard 20B",
    description: "Classifies content by a policy.",
    capabilities: { ...GPT_OSS, schema: WITH_LOOSE_SCHEMA },
    wire: REASONS,
  },
  {
    id: "qwen/qwen3.8-27b",
    name: "Qwen 3.8 27B",
    description: "Reasons, sees images. Preview.",
    capabilities: { schema: WITH_STRICT_SCHEMA, reasoningEffort: ["none", "low", "medium", "high"] },
    wire: QWEN,
  },
  {
    id: "qwen/qwen3.6-27b",
    name: "Qwen 3.6 27B",
    description: "Reasons. Preview.",
    // Besides `none` it accepts only `default`, which equals omitting the option.
    capabilities: { images: false, reasoningEffort: ["none"] },
    wire: QWEN,
  },
  {
    id: "groq/compound",
    name: "Compound",
    description: "Searches the web and runs code on its own.",
    capabilities: { images: false },
  },
  {
    id: "groq/compound-mini",
    name: "Compound mini",
    description: "The smaller Compound.",
    capabilities: { images: false },
  },
];

/** Ids that return 404, with the successors that Groq recommends (console.groq.com/docs/deprecations, 2026-08). */
export const RETIRED: Readonly<Record<string, RetiredModel>> = {
  "llama-3.3-70b-versatile": { retiredAt: "2026-08-16", replacement: "openai/gpt-oss-120b" },
  "llama-3.1-8b-instant": { retiredAt: null, replacement: "openai/gpt-oss-20b" },
};
