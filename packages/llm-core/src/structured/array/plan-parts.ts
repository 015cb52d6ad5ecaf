import { isRecord, type JsonObject } from "../../contract/json.ts";
import type { ModelCapabilities } from "../../contract/provider.ts";
import { resolveRef } from "../schema/check-json-schema.ts";
import type { ElementId } from "../structured-options.ts";
import type { ArrayPart } from "./array-part.ts";

/** Input of {@link planParts}. */
export interface BatchSize {
  readonly ids: readonly ElementId[] | null;
  readonly count: number | null;
  readonly elementsPerRequest: number | null;
  /** Capabilities of the first link. */
  readonly capabilities: Pick<ModelCapabilities, "contextTokens" | "maxOutputTokens" | "silentReasoning">;
  /** The caller's limit for an answer; `null`: none. */
  readonly maxOutputTokens: number | null;
  readonly promptTokens: number;
  readonly elementTokens: number;
}

/** Used if no limit is known. */
const DEFAULT_PER_REQUEST = 16;
/** Usable share of the limit, because estimates are rough. Lower for models with hidden reasoning, which counts as output. */
const USABLE = 0.8;
const USABLE_WHEN_REASONING = 0.5;

/** Maximum number of elements per request: the caller's option, else what fits the limits of the model, else 16. */
export function elementsPerRequest(size: BatchSize): number {
  if (size.elementsPerRequest !== null) return size.elementsPerRequest;
  const { contextTokens, maxOutputTokens, silentReasoning } = size.capabilities;
  const limits = [
    size.maxOutputTokens,
    maxOutputTokens,
    contextTokens === null ? null : contextTokens - size.promptTokens,
  ].filter((limit) => limit !== null);
  if (limits.length === 0) return DEFAULT_PER_REQUEST;
  const usable = Math.min(...limits) * (silentReasoning ? USABLE_WHEN_REASONING : USABLE);
  return Math.max(1, Math.floor(usable / size.elementTokens));
}

/** Splits a batch into parts of about the same size. Without ids and count it is one part. */
export function planParts(size: BatchSize): readonly ArrayPart[] {
  const all = size.ids?.length ?? size.count;
  if (all === null) return [{ index: 0, total: 1, ids: null, count: null, offset: 0 }];
  const total = Math.ceil(all / elementsPerRequest(size));
  return Array.from({ length: total }, (_, index) => {
    const offset = Math.floor((all * index) / total);
    const end = Math.floor((all * (index + 1)) / total);
    return { index, total, ids: size.ids?.slice(offset, end) ?? null, count: end - offset, offset };
  });
}

const STRING_TOKENS = 40;
const MAX_STRING_TOKENS = 400;
const UNKNOWN_TOKENS = 100;
const MAX_DEPTH = 8;
const CHARS_PER_TOKEN = 3;

/** Estimates the tokens of one value of a schema. Estimates high, because small parts cost less than a cut answer. */
export function estimateSchemaTokens(schema: unknown, root: JsonObject | null, depth = 0): number {
  if (!isRecord(schema) || root === null || depth > MAX_DEPTH) return UNKNOWN_TOKENS;
  if (typeof schema.$ref === "string") return estimateSchemaTokens(resolveRef(schema.$ref, root), root, depth + 1);
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (Array.isArray(alternatives)) {
    return Math.max(1, ...alternatives.map((one) => estimateSchemaTokens(one, root, depth + 1)));
  }
  if (schema.const !== undefined) return estimateTextTokens(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum))
    return Math.max(1, ...schema.enum.map((value) => estimateTextTokens(JSON.stringify(value))));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object": {
      const members = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
      return members.reduce(
        (sum, [name, member]) => sum + estimateTextTokens(name) + 3 + estimateSchemaTokens(member, root, depth + 1),
        4,
      );
    }
    case "array": {
      const few = typeof schema.minItems === "number" ? schema.minItems : 3;
      const many = typeof schema.maxItems === "number" ? Math.min(schema.maxItems, Math.max(few, 5)) : Math.max(few, 3);
      return 2 + many * estimateSchemaTokens(schema.items, root, depth + 1);
    }
    case "string":
      if (typeof schema.maxLength !== "number") return typeof schema.format === "string" ? 16 : STRING_TOKENS;
      return Math.min(MAX_STRING_TOKENS, Math.ceil(schema.maxLength / CHARS_PER_TOKEN) + 2);
    case "number":
    case "integer":
      return 6;
    case "boolean":
    case "null":
      return 2;
    default:
      return UNKNOWN_TOKENS;
  }
}

/** Estimates the tokens of a text. */
export function estimateTextTokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}
