import type { ModelCapabilities, ModelInfo } from "@babylon/llm-core";
import type { ModelTraits, ModelWire } from "./model-traits.ts";

/** A model in a provider's data: its differences from the base traits. */
export interface ModelRow {
  /** The vendor's id of the model. */
  readonly id: string;
  /** Default: the id. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Default false. */
  readonly recommended?: boolean | undefined;
  /** Tokens of prompt and answer together. Default: unknown. */
  readonly contextTokens?: number | undefined;
  /** Tokens of the answer. Default: unknown. */
  readonly maxOutputTokens?: number | undefined;
  /** `YYYY-MM-DD`. Default: not announced. */
  readonly retiresAt?: string | undefined;
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  readonly wire?: Partial<ModelWire> | undefined;
}

/** The models of a provider, and the traits of any model id. */
export interface ModelTable {
  readonly models: readonly ModelInfo[];
  /** The base traits for an id that is not in the table. */
  traitsOf(model: string): ModelTraits;
}

/**
 * Creates the table of a provider's models from rows and base traits.
 *
 * @param base - the traits of models without a row, and the defaults of rows; a function if they depend on the model's name
 */
export function createModelTable(
  base: ModelTraits | ((model: string) => ModelTraits),
  rows: readonly ModelRow[],
): ModelTable {
  const baseOf = typeof base === "function" ? base : () => base;
  const traits = new Map(rows.map((row) => [row.id, traitsOfRow(baseOf(row.id), row)]));
  return {
    models: rows.map(toModelInfo),
    traitsOf: (model) => traits.get(model) ?? baseOf(model),
  };
}

function traitsOfRow(base: ModelTraits, row: ModelRow): ModelTraits {
  return {
    capabilities: {
      ...base.capabilities,
      contextTokens: row.contextTokens ?? base.capabilities.contextTokens,
      maxOutputTokens: row.maxOutputTokens ?? base.capabilities.maxOutputTokens,
      ...row.capabilities,
    },
    wire: { ...base.wire, ...row.wire },
  };
}

function toModelInfo(row: ModelRow): ModelInfo {
  return {
    id: row.id,
    name: row.name ?? row.id,
    description: row.description ?? null,
    recommended: row.recommended ?? false,
    contextTokens: row.contextTokens ?? null,
    maxOutputTokens: row.maxOutputTokens ?? null,
    retiresAt: row.retiresAt ?? null,
  };
}
