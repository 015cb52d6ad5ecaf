import type { StandardSchemaV1 } from "@standard-schema/spec";

/** One issue of a validator, as defined by Standard Schema. */
export interface ValidationIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The result of a validator: the value, possibly transformed, or its issues. */
export type Validation<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly ValidationIssue[] };

/** A schema without a library: JSON Schema (draft 2020-12) for the model, and a function that validates the answer. */
export interface JsonSchemaWithValidate<T> {
  readonly jsonSchema: object;
  /** Validates the parsed answer. May return a transformed value. If it throws, the answer does not fit. */
  readonly validate: (value: unknown) => Validation<T> | Promise<Validation<T>>;
}

/** A schema for an answer: a Standard Schema (zod 4, valibot, arktype, ...) or JSON Schema with a function. */
export type StructuredSchema<T = unknown> = StandardSchemaV1<unknown, T> | JsonSchemaWithValidate<T>;

/** Any schema. Type parameters of the structured functions extend it. */
export type AnySchema = StandardSchemaV1 | JsonSchemaWithValidate<unknown>;

/** The output type of a schema, after its transformations. */
export type InferSchema<S extends AnySchema> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends {
        /** As in {@link JsonSchemaWithValidate}. */
        readonly validate: (value: never) => infer R;
      }
    ? Extract<Awaited<R>, { readonly value: unknown }>["value"]
    : never;

/** The input type of a schema, before its transformations. */
export type InferInput<S extends AnySchema> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<S>
  : InferSchema<S>;
