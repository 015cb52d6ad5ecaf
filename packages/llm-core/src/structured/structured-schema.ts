import type { StandardSchemaV1 } from "@standard-schema/spec";

/** One thing a validator found wrong, in the words of Standard Schema. */
export interface ValidationIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a validator answers: the value as it goes on (perhaps transformed), or what is wrong with it. */
export type Validation<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly ValidationIssue[] };

/** A schema from no library: JSON Schema (draft 2020-12) for the model, a function for the answer. */
export interface JsonSchemaWithValidate<T> {
  readonly jsonSchema: object;
  /** Decides about the answer, parsed. May return another value. One that throws is an answer that does not fit. */
  readonly validate: (value: unknown) => Validation<T> | Promise<Validation<T>>;
}

/** What an answer may be asked to fit: a Standard Schema (zod 4, valibot, arktype, ...) or JSON Schema with a function. */
export type StructuredSchema<T = unknown> = StandardSchemaV1<unknown, T> | JsonSchemaWithValidate<T>;

/** Any schema, whatever it takes in. Type parameters of the object functions extend it. */
export type AnySchema = StandardSchemaV1 | JsonSchemaWithValidate<unknown>;

/** The type of the values that a schema lets through, after its transformations. */
export type InferSchema<S extends AnySchema> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends {
        /** As in {@link JsonSchemaWithValidate}. */
        readonly validate: (value: never) => infer R;
      }
    ? Extract<Awaited<R>, { readonly value: unknown }>["value"]
    : never;

/** The type of the values that a schema takes in, before its transformations. */
export type InferInput<S extends AnySchema> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<S>
  : InferSchema<S>;
