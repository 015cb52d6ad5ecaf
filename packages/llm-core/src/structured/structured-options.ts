import type { CallOptions } from "../contract/call-options.ts";
import type { TextResult } from "../contract/result.ts";
import type { Tool } from "../contract/tool.ts";
import type { SchemaIssue } from "../errors/error-details.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { AnySchema } from "./schema/structured-schema.ts";

/** Options of all structured calls. */
export interface StructuredOptions
  extends Omit<CallOptions, "responseFormat" | "tools" | "toolChoice" | "hedge" | "coalesce"> {
  /** How often the same link is asked to correct an answer that does not fit, before the next link is tried. Default 1. */
  readonly maxReasks?: number | undefined;
}

/** Options of `generateObject` and `streamObject`. */
export interface GenerateObjectOptions<S extends AnySchema> extends StructuredOptions {
  /** The schema that the answer must fit. */
  readonly schema: S;
  readonly tools?: undefined;
}

/** The same with tools: the model may call one of them instead of answering. */
export interface GenerateObjectWithToolsOptions<S extends AnySchema> extends StructuredOptions {
  readonly schema: S;
  readonly tools: Readonly<Record<string, Tool>>;
  /** Tool calls cannot be forced. Default `auto`. */
  readonly toolChoice?: "auto" | "none" | undefined;
}

/** A result with a validated value. */
export interface GenerateObjectResult<T> extends TextResult {
  /** The value as the schema returned it. */
  readonly object: T;
}

/** The id of an element. Compared without conversion: `1` is not `"1"`. */
export type ElementId = string | number;

/** The ids of the elements that an array must have. */
export interface ExpectedIds<T, Id extends ElementId> {
  /** Unique, in the order of the result's items. */
  readonly ids: readonly Id[];
  /** The id of an element. */
  readonly idOf: (element: T) => ElementId;
}

/** The number of elements that an array must have. */
export interface ExpectedCount {
  readonly count: number;
}

/** Options of `generateArray` and `streamArray`, without `expected`. */
export interface ArrayOptions<S extends AnySchema> extends StructuredOptions {
  /** The schema that each element must fit. */
  readonly element: S;
  /** Maximum number of elements per request. Default: what fits the limits of the model; 16 if they are unknown. */
  readonly elementsPerRequest?: number | undefined;
}

/** An element of an answer that is not in `items`. */
export interface RejectedElement {
  /** As the model wrote it, parsed. */
  readonly value: unknown;
  /**
   * `invalid`: it does not fit (see `issues`). `duplicate`: an element with its id, or an equal element, was accepted before. `unexpected`:
   * its id was not requested. `surplus`: more than the count.
   */
  readonly reason: "invalid" | "duplicate" | "unexpected" | "surplus";
  readonly issues: readonly SchemaIssue[];
  readonly provider: string;
  readonly model: string;
}

/** Why elements are missing. */
export interface ArrayFailure<M> {
  /** The part of the result's `missing` that this failure caused. */
  readonly missing: M;
  readonly error: LLMError;
}

/** The accepted items, and the rejected and missing ones. */
export interface GenerateArrayResult<T, M> extends TextResult {
  /** Valid elements, in the order of the expected ids; without ids, in the order of the answers. */
  readonly items: readonly T[];
  readonly rejected: readonly RejectedElement[];
  /**
   * The expected ids that no link gave; with a count, the missing positions in the list, from 0; without `expected`, empty, or `null` if
   * the answer was cut and the missing elements are unknown.
   */
  readonly missing: M;
  /** One for each incomplete part of the batch. */
  readonly failures: readonly ArrayFailure<M>[];
}

/** `missing` with expected ids: the ids that no link gave. */
export type MissingIds<Id> = readonly Id[];
/** `missing` with an expected count: the missing positions in the list, from 0. */
export type MissingPlaces = readonly number[];
/** `missing` without `expected`: empty, or `null` if the answer was cut. */
export type MissingUnknown = readonly never[] | null;
