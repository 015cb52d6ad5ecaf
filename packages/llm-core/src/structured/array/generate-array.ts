import type { CallOptions } from "../../contract/call-options.ts";
import type { Message } from "../../contract/message.ts";
import type { TextResult } from "../../contract/result.ts";
import { addUsage, NO_USAGE } from "../../contract/usage.ts";
import { isLLMError, type LLMError } from "../../errors/llm-error.ts";
import type { CapturedContexts } from "../../observe/observing.ts";
import { warn } from "../../run/call.ts";
import { type CallSession, fail, runSession, sessionLinks, succeed, toResult } from "../../run/call-session.ts";
import type { RequestedSchema } from "../schema/requested-schema.ts";
import type { AnySchema, InferSchema } from "../schema/structured-schema.ts";
import { toRequestedSchema } from "../schema/to-requested-schema.ts";
import { abortOnClose, DEFAULT_REASKS, type StructuredHost } from "../structured-host.ts";
import type {
  ArrayFailure,
  ArrayOptions,
  ElementId,
  ExpectedCount,
  ExpectedIds,
  GenerateArrayResult,
} from "../structured-options.ts";
import { createTimeSlicer } from "../time-slicer.ts";
import { type ArrayForm, createArrayForm } from "./array-form.ts";
import { type ArrayPart, createPartCollection, type PartCollection } from "./array-part.ts";
import type { ItemSink } from "./item-stream.ts";
import { estimateSchemaTokens, estimateTextTokens, planParts } from "./plan-parts.ts";

/** Options of all overloads. */
export type AnyArrayOptions<S extends AnySchema> = ArrayOptions<S> & {
  readonly expected?: ExpectedIds<InferSchema<S>, ElementId> | ExpectedCount | undefined;
};

type Missing = readonly ElementId[] | null;

/** The result of the walk for one part. */
interface PartEnd<T> {
  readonly collection: PartCollection<T>;
  readonly form: ArrayForm;
  readonly result: TextResult | null;
  readonly error: LLMError | null;
}

/** Generates many elements. The options must be checked. `sink` receives each accepted element. */
export async function generateArray<S extends AnySchema>(
  host: StructuredHost,
  captured: CapturedContexts,
  options: AnyArrayOptions<S>,
  sink: ItemSink<InferSchema<S>> | null = null,
): Promise<GenerateArrayResult<InferSchema<S>, Missing>> {
  type T = InferSchema<S>;
  const { element, expected, elementsPerRequest, maxReasks = DEFAULT_REASKS, ...rest } = options;
  const schema = await toRequestedSchema(element, "element");
  const callOptions: CallOptions = rest;
  const session = host.open(callOptions, captured);
  try {
    abortOnClose(sink, session);
    for (const warning of schema.warnings) warn(session.call, warning);
    const parts = await splitBatch(session, schema, callOptions, { expected, elementsPerRequest });
    const idOf = expected !== undefined && "idOf" in expected ? expected.idOf : noIdOf;
    const ends = await Promise.all(
      parts.map(async (part): Promise<PartEnd<T>> => {
        const collection = createPartCollection<T>(part, idOf, (item) => sink?.emit(item));
        const transport = callOptions.transport ?? "auto";
        const form = createArrayForm({
          schema,
          collection,
          maxReasks,
          transport,
          streaming: sink !== null,
          slicer: createTimeSlicer(session.call),
        });
        return runPart(session, collection, form);
      }),
    );
    return finish(session, ends);
  } catch (thrown) {
    throw fail(session, thrown);
  }
}

async function splitBatch<T>(
  session: CallSession,
  { jsonSchema }: RequestedSchema<T>,
  { maxOutputTokens }: CallOptions,
  batch: {
    readonly expected: ExpectedIds<T, ElementId> | ExpectedCount | undefined;
    readonly elementsPerRequest: number | undefined;
  },
): Promise<readonly ArrayPart[]> {
  const [first] = await sessionLinks(session);
  const { expected } = batch;
  const unknown = { contextTokens: null, maxOutputTokens: null, silentReasoning: false };
  return planParts({
    ids: expected !== undefined && "ids" in expected ? expected.ids : null,
    count: expected !== undefined && "count" in expected ? expected.count : null,
    elementsPerRequest: batch.elementsPerRequest ?? null,
    capabilities: first?.capabilities ?? unknown,
    maxOutputTokens: maxOutputTokens ?? null,
    promptTokens: session.call.conversation.reduce((sum, message) => sum + estimateTextTokens(textOf(message)), 0),
    elementTokens: estimateSchemaTokens(jsonSchema, jsonSchema),
  });
}

/** Walks the chain for one part. If that fails, the collected elements are kept. */
async function runPart<T>(session: CallSession, collection: PartCollection<T>, form: ArrayForm): Promise<PartEnd<T>> {
  try {
    const served = await runSession(session, { form });
    return { collection, form, result: toResult(session, served), error: null };
  } catch (thrown) {
    const isEnd = isLLMError(thrown, "aborted") || isLLMError(thrown, "invalid_input") || isLLMError(thrown, "closed");
    if (!isLLMError(thrown) || isEnd) throw thrown;
    return { collection, form, result: null, error: thrown };
  }
}

function finish<T>(session: CallSession, ends: readonly PartEnd<T>[]): GenerateArrayResult<T, Missing> {
  const [only] = ends;
  const items =
    only !== undefined && ends.length === 1
      ? only.collection.items()
      : ends.flatMap(({ collection }) => collection.items());
  const failed = ends.flatMap(({ error }) => error ?? []);
  const [firstError] = failed;
  if (firstError !== undefined && items.length === 0) throw firstError;

  const failures = ends.flatMap(({ collection, error }): ArrayFailure<Missing>[] => {
    const missing = missingOf(collection, error);
    if (error === null || (missing !== null && missing.length === 0)) return [];
    return [{ missing, error }];
  });
  const missing = failures.some((failure) => failure.missing === null)
    ? null
    : failures.flatMap((failure) => failure.missing ?? []);
  if (missing === null) warn(session.call, "the array was cut: the number of missing elements is unknown");
  else if (missing.length > 0)
    warn(session.call, `${missing.length} of ${items.length + missing.length} elements are missing`);

  const result = succeed(session, resultOf(session, ends));
  const rejected = ends.flatMap(({ collection }) => collection.rejected);
  return { ...result, warnings: [...session.call.warnings], items, rejected, missing, failures };
}

function missingOf<T>(collection: PartCollection<T>, error: LLMError | null): Missing {
  const { part } = collection;
  if (part.ids !== null) return collection.missingIds();
  const missing = collection.missingCount();
  if (missing === null) return error === null ? [] : null;
  const from = part.offset + collection.size();
  return Array.from({ length: missing }, (_, index) => from + index);
}

/** One result for all parts: that of the first answered part. If several answers gave elements, `text` holds all elements. */
function resultOf<T>(session: CallSession, ends: readonly PartEnd<T>[]): TextResult {
  const results = ends.flatMap(({ result, form }) => {
    if (result !== null) return result;
    const latest = form.latest();
    return latest === null ? [] : toResult(session, { ...latest, seams: [], firstTokenMs: null });
  });
  const [first] = results;
  if (first === undefined) throw new TypeError("elements without an answer");
  const answers = ends.reduce((sum, { form }) => sum + form.answers(), 0);
  if (answers <= 1) return first;
  const text = JSON.stringify(ends.flatMap(({ collection }) => collection.raws()));
  const firstTokens = results.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  return {
    ...first,
    text,
    message: { role: "assistant", content: text },
    usage: results.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    firstTokenMs: firstTokens.length === 0 ? null : Math.min(...firstTokens),
  };
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.map((part) => ("text" in part ? part.text : "")).join("");
}

function noIdOf(): never {
  throw new TypeError("no ids are expected");
}
