import type { JsonObject } from "../contract/json.ts";
import type { SchemaIssue } from "../errors/llm-error.ts";

/** A validated value, or why it is none. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

/** Decides about a value. */
export type Check<T> = (value: unknown) => Checked<T> | Promise<Checked<T>>;

/** A schema as a call uses it: what the model is told, and what decides about its answer. */
export interface AskedSchema<T> {
  /** `null`: the library cannot give it. Then the prompt alone tells the shape. */
  readonly jsonSchema: JsonObject | null;
  /** At once unless the validator takes its time. Never fails: a validator that throws is an answer that does not fit. */
  readonly check: Check<T>;
  readonly warnings: readonly string[];
}
