import type { AnyArrayOptions } from "./array/generate-array.ts";
import { createItemStream, type ItemStream } from "./array/item-stream.ts";
import { checkArrayOptions, checkObjectOptions } from "./check-structured-options.ts";
import type { AnySchema, InferInput, InferSchema } from "./schema/structured-schema.ts";
import type { StructuredHost } from "./structured-host.ts";
import type {
  ArrayOptions,
  ElementId,
  ExpectedCount,
  ExpectedIds,
  GenerateArrayResult,
  GenerateObjectOptions,
  GenerateObjectResult,
  GenerateObjectWithToolsOptions,
  MissingIds,
  MissingPlaces,
  MissingUnknown,
} from "./structured-options.ts";

/** The functions with a structured result. */
export interface StructuredFunctions {
  /**
   * Generates one value that fits a schema. Resolves only with a validated value.
   *
   * Rejects as `generateText` does; with `invalid_input` for a schema that JSON cannot express; with `schema_mismatch` or `truncated`
   * (alone or in `all_failed`) if no link gave a valid value. With tools, `object` is `null` if the model called one instead.
   */
  generateObject<S extends AnySchema>(
    options: GenerateObjectWithToolsOptions<S>,
  ): Promise<GenerateObjectResult<InferSchema<S> | null>>;
  /** Without tools: `object` is always present. */
  generateObject<S extends AnySchema>(options: GenerateObjectOptions<S>): Promise<GenerateObjectResult<InferSchema<S>>>;
  /**
   * Generates many values that fit a schema, in as many requests as needed. Keeps valid elements and asks again for missing ones; `missing`
   * lists those that no link gave, also after a deadline. Rejects as `generateObject` does, but only without any element, or if the caller
   * aborts.
   */
  generateArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected: ExpectedIds<InferSchema<S>, Id> },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingIds<Id>>>;
  /** With a count instead of ids: `missing` has the missing positions, from 0. */
  generateArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected: ExpectedCount },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingPlaces>>;
  /** Without `expected`: as many elements as the model gives; `missing` is `null` if an answer was cut and could not be completed. */
  generateArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected?: undefined },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingUnknown>>;
  /** For callers that set `expected` at run time. */
  generateArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected?: ExpectedIds<InferSchema<S>, Id> | ExpectedCount | undefined },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingIds<Id> | MissingPlaces | null>>;
  /**
   * Streams snapshots of the object: each has the members that are complete so far, not validated; after a failed attempt they start again
   * with an empty one. The validated object is in `result`. Throws `invalid_input` and `closed` synchronously; other errors reject the
   * reads.
   */
  streamObject<S extends AnySchema>(
    options: GenerateObjectOptions<S>,
  ): ItemStream<Partial<InferInput<S>>, GenerateObjectResult<InferSchema<S>>>;
  /** Streams the valid elements of an array, each as soon as it is complete, in order of arrival. */
  streamArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected: ExpectedIds<InferSchema<S>, Id> },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingIds<Id>>>;
  /** With a count instead of ids. */
  streamArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected: ExpectedCount },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingPlaces>>;
  /** Without `expected`: the stream ends with the answer. */
  streamArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected?: undefined },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingUnknown>>;
  /** For callers that set `expected` at run time. */
  streamArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected?: ExpectedIds<InferSchema<S>, Id> | ExpectedCount | undefined },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingIds<Id> | MissingPlaces | null>>;
}

const loadObject = () => import("./object/generate-object.ts");
const loadArray = () => import("./array/generate-array.ts");

/** Creates the functions of a client. Their modules are loaded on first use. */
export function createStructuredFunctions(host: StructuredHost): StructuredFunctions {
  const { providers } = host;
  const functions = {
    async generateObject(options: GenerateObjectOptions<AnySchema>) {
      checkObjectOptions(options, providers);
      host.refuseWhenClosed();
      const captured = host.capture();
      const { generateObject } = await loadObject();
      return generateObject(host, captured, options);
    },
    async generateArray(options: AnyArrayOptions<AnySchema>) {
      checkArrayOptions(options, providers);
      host.refuseWhenClosed();
      const captured = host.capture();
      const { generateArray } = await loadArray();
      return generateArray(host, captured, options);
    },
    streamObject(options: GenerateObjectOptions<AnySchema>) {
      checkObjectOptions(options, providers);
      host.refuseWhenClosed();
      const captured = host.capture();
      return createItemStream(async (sink) => (await loadObject()).generateObject(host, captured, options, sink));
    },
    streamArray(options: AnyArrayOptions<AnySchema>) {
      checkArrayOptions(options, providers);
      host.refuseWhenClosed();
      const captured = host.capture();
      return createItemStream<unknown, unknown>(async (sink) =>
        (await loadArray()).generateArray(host, captured, options, sink),
      );
    },
  };
  // The overloads type the results by schema and `expected`; the implementation is untyped.
  return functions as unknown as StructuredFunctions;
}
