import { checkArrayOptions, checkObjectOptions } from "./check-structured-options.ts";
import type { AnyArrayOptions } from "./generate-array.ts";
import { createItemStream, type ItemStream } from "./item-stream.ts";
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
import type { AnySchema, InferInput, InferSchema } from "./structured-schema.ts";

/** The functions that ask for a shape. */
export interface StructuredFunctions {
  /**
   * Asks the chain for one value of a shape. Comes back only with one that the schema lets through.
   *
   * Rejects as `generateText` does; with `invalid_input` for a schema that JSON cannot express; with `schema_mismatch` and `truncated`
   * (alone or in `all_failed`) where no link gave the shape. With tools, `object` is `null` when the model asked for one instead.
   */
  generateObject<S extends AnySchema>(
    options: GenerateObjectWithToolsOptions<S>,
  ): Promise<GenerateObjectResult<InferSchema<S> | null>>;
  /** Without tools: `object` is always there. */
  generateObject<S extends AnySchema>(options: GenerateObjectOptions<S>): Promise<GenerateObjectResult<InferSchema<S>>>;
  /**
   * Asks the chain for many values of a shape, in as many requests as it takes. Keeps what is valid, asks again for what is missing,
   * and says in `missing` what nobody gave, also when the deadline has cut it short. Rejects as `generateObject` does, but only when
   * there is no element at all, and when the caller aborts.
   */
  generateArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected: ExpectedIds<InferSchema<S>, Id> },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingIds<Id>>>;
  /** With a count in place of ids: `missing` has the places that stayed empty, from 0. */
  generateArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected: ExpectedCount },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingPlaces>>;
  /** With nothing expected: as many elements as the model gives; `missing` is `null` when an answer was cut and the rest never came. */
  generateArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected?: undefined },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingUnknown>>;
  /** For callers that know only at run time what is expected. */
  generateArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected?: ExpectedIds<InferSchema<S>, Id> | ExpectedCount | undefined },
  ): Promise<GenerateArrayResult<InferSchema<S>, MissingIds<Id> | MissingPlaces | null>>;
  /**
   * The object while it arrives: each snapshot has the members that are complete so far, not validated; after a failed attempt they
   * begin anew, with an empty one. The validated object is in `result`. Throws `invalid_input` and `closed` at once, everything else when it is read.
   */
  streamObject<S extends AnySchema>(
    options: GenerateObjectOptions<S>,
  ): ItemStream<Partial<InferInput<S>>, GenerateObjectResult<InferSchema<S>>>;
  /** The valid elements of an array, each as soon as it is complete, in the order in which they come. */
  streamArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected: ExpectedIds<InferSchema<S>, Id> },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingIds<Id>>>;
  /** With a count in place of ids. */
  streamArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected: ExpectedCount },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingPlaces>>;
  /** With nothing expected: the stream ends with the answer. */
  streamArray<S extends AnySchema>(
    options: ArrayOptions<S> & { readonly expected?: undefined },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingUnknown>>;
  /** For callers that know only at run time what is expected. */
  streamArray<S extends AnySchema, Id extends ElementId>(
    options: ArrayOptions<S> & { readonly expected?: ExpectedIds<InferSchema<S>, Id> | ExpectedCount | undefined },
  ): ItemStream<InferSchema<S>, GenerateArrayResult<InferSchema<S>, MissingIds<Id> | MissingPlaces | null>>;
}

const loadObject = () => import("./generate-object.ts");
const loadArray = () => import("./generate-array.ts");

/** The functions of a client. What they need is loaded when one is first used. */
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
  // The overloads tie the results to the schema and to what is expected; inside, both are any.
  return functions as unknown as StructuredFunctions;
}
