import type { JsonObject } from "../../contract/json.ts";
import type { SchemaIssue } from "../../errors/error-details.ts";

/** A validated value, or the validation issues. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

/** Validates a value. */
export type Check<T> = (value: unknown) => Checked<T> | Promise<Checked<T>>;

/** A schema in the form that a call uses: JSON Schema for the model, and a validator for its answer. */
export interface RequestedSchema<T> {
  /** `null`: the library cannot generate it. Then only the caller's prompt describes the shape. */
  readonly jsonSchema: JsonObject | null;
  /** Synchronous if the validator is. Never throws: if the validator throws, the value counts as invalid. */
  readonly check: Check<T>;
  readonly warnings: readonly string[];
}
