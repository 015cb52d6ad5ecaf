import type { CallOptions } from "../contract/call-options.ts";
import type { TextResult } from "../contract/result.ts";
import type { Tool } from "../contract/tool.ts";
import type { LLMError, SchemaIssue } from "../errors/llm-error.ts";
import type { AnySchema } from "./structured-schema.ts";

/** Options of every call that asks for a shape. */
export interface StructuredOptions
  extends Omit<CallOptions, "responseFormat" | "tools" | "toolChoice" | "hedge" | "coalesce"> {
  /** How often the same link is asked again when its answer does not fit, before the next link is. Default 1. */
  readonly maxReasks?: number | undefined;
}

/** Options of `generateObject` and `streamObject`. */
export interface GenerateObjectOptions<S extends AnySchema> extends StructuredOptions {
  /** What the answer must fit. */
  readonly schema: S;
  readonly tools?: undefined;
}

/** The same with tools: the model may ask for one of them instead of answering. */
export interface GenerateObjectWithToolsOptions<S extends AnySchema> extends StructuredOptions {
  readonly schema: S;
  readonly tools: Readonly<Record<string, Tool>>;
  /** A forced tool call would be no answer. Default `auto`. */
  readonly toolChoice?: "auto" | "none" | undefined;
}

/** A result with its value. */
export interface GenerateObjectResult<T> extends TextResult {
  /** Of the asked shape, as the schema returned it. */
  readonly object: T;
}

/** What an id may be. Ids are compared as they are: `1` is not `"1"`. */
export type ElementId = string | number;

/** Which elements an array must have. */
export interface ExpectedIds<T, Id extends ElementId> {
  /** Each once, in the order in which the items shall stand. */
  readonly ids: readonly Id[];
  /** The id of an element. */
  readonly idOf: (element: T) => ElementId;
}

/** How many elements an array must have. */
export interface ExpectedCount {
  readonly count: number;
}

/** Options of `generateArray` and `streamArray`, whatever is expected. */
export interface ArrayOptions<S extends AnySchema> extends StructuredOptions {
  /** What each element must fit. */
  readonly element: S;
  /** The most elements one request asks for. Default: what fits the model's limits; 16 where they are unknown. */
  readonly elementsPerRequest?: number | undefined;
}

/** One element of an answer that is not among the items. */
export interface RejectedElement {
  /** As the model wrote it, parsed. */
  readonly value: unknown;
  /**
   * `invalid`: it does not fit (`issues` say why). `duplicate`: an element with its id, or the same element, is there already.
   * `unexpected`: nobody asked for its id. `surplus`: more than the count.
   */
  readonly reason: "invalid" | "duplicate" | "unexpected" | "surplus";
  readonly issues: readonly SchemaIssue[];
  readonly provider: string;
  readonly model: string;
}

/** Why elements are missing. */
export interface ArrayFailure<M> {
  /** Of the result's `missing`, those that this failure cost. */
  readonly missing: M;
  readonly error: LLMError;
}

/** The items that came, and an account of those that did not. */
export interface GenerateArrayResult<T, M> extends TextResult {
  /** Valid, in the order of the expected ids, else in the order of the answers. */
  readonly items: readonly T[];
  readonly rejected: readonly RejectedElement[];
  /**
   * The expected ids that nobody gave; for a count the places in the asked list, from 0; without `expected` empty, or `null` when
   * the answer was cut and nobody knows what is missing.
   */
  readonly missing: M;
  /** One for each part of the batch that stayed incomplete. */
  readonly failures: readonly ArrayFailure<M>[];
}

/** What `missing` is where ids were expected: those that nobody gave. */
export type MissingIds<Id> = readonly Id[];
/** What `missing` is where a count was expected: the places in the list that stayed empty, from 0. */
export type MissingPlaces = readonly number[];
/** What `missing` is where nothing was expected: empty, or `null` when the answer was cut and nobody knows. */
export type MissingUnknown = readonly never[] | null;
