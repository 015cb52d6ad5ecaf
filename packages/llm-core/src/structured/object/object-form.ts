import type { Message } from "../../contract/message.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import type { SchemaIssue } from "../../errors/error-details.ts";
import type { FinishedAnswer } from "../../run/answer.ts";
import type { AnswerForm, FormLink, Judgement, TransportChoice } from "../../run/answer-form.ts";
import { inexactNumbers } from "../../run/inexact-numbers.ts";
import { inexactNumberIn } from "../json/inexact-number-in.ts";
import { createPacedText, type PacedText } from "../paced-text.ts";
import {
  correctionRequest,
  createSchemaRequest,
  cutError,
  filteredError,
  mismatchError,
  type SchemaRequest,
} from "../request/schema-request.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import type { RequestedSchema } from "../schema/requested-schema.ts";
import { unWiden } from "../schema/un-widen.ts";
import type { TimeSlicer } from "../time-slicer.ts";
import type { ObjectWatch } from "./object-watch.ts";
import { readObject } from "./read-object.ts";

/** Input of {@link createObjectForm}. */
export interface ObjectFormSetup<T> {
  readonly schema: RequestedSchema<T>;
  readonly maxReasks: number;
  readonly transport: TransportChoice;
  /** Whether the call has tools: an answer that calls one needs no object. */
  readonly tools: boolean;
  /** Receives the answer while it arrives. */
  readonly watch?: ObjectWatch | undefined;
  readonly slicer: TimeSlicer;
}

const NO_JSON: readonly SchemaIssue[] = [{ message: "there is no JSON in the answer", path: [] }];
const AGAIN = "Answer again, with all of it corrected, as JSON and nothing else.";

/** Creates the form of `generateObject`. The value is `null` if the model called a tool of the caller instead. */
export function createObjectForm<T>(setup: ObjectFormSetup<T>): AnswerForm<{ readonly object: T } | null> {
  const { schema, maxReasks, transport, tools, watch, slicer } = setup;
  const { jsonSchema } = schema;
  const expected = expectedShape(jsonSchema);
  const schemaRequest: SchemaRequest = createSchemaRequest({
    jsonSchema,
    transport,
    streaming: watch !== undefined,
    tools,
  });
  let reasks = 0;
  let followUp: readonly Message[] = [];
  /** Text of the current attempt on its way to the watch. */
  let watched: PacedText | null = null;

  function cut(answer: FinishedAnswer, link: FormLink): Judgement<never> {
    const error = cutError("the object is not complete");
    // Cut JSON is not continued: the next request asks for a complete answer.
    followUp = [];
    return { type: schemaRequest.growFor(answer, link) ? "ask-again" : "reject", error };
  }

  function mismatch(text: string, issues: readonly SchemaIssue[]): Judgement<never> {
    const error = mismatchError(issues, text);
    if (reasks >= maxReasks) return { type: "reject", error };
    reasks += 1;
    followUp = correctionRequest(text, issues, AGAIN);
    return { type: "ask-again", error };
  }

  return {
    mayRace: false,
    prepare(request, link) {
      if (schemaRequest.isNew(link)) {
        reasks = 0;
        followUp = [];
      }
      const prepared = schemaRequest.prepare(request, link, followUp);
      if (watch !== undefined && !("skip" in prepared)) {
        watch.attempt(schemaRequest.dialect());
        watched = createPacedText(watch.text, slicer);
      }
      return prepared;
    },
    simplify: (refused) => schemaRequest.simplify(refused),
    observe(part: StreamPart) {
      if (part.type === "text") watched?.write(part.text);
      else if (part.type === "tool-call" && schemaRequest.dialect().kind === "tool") watched?.write(part.inputText);
    },
    failed: () => watched?.drain(),
    async judge(answer, link) {
      await watched?.drained();
      slicer.begin();
      if (answer.finishReason === "content-filter") return { type: "reject", error: filteredError() };
      const dialect = schemaRequest.dialect();
      const text = schemaRequest.answerText(answer);
      const numbers = inexactNumbers(text);
      const read = await readObject(text, {
        expected,
        wrap: dialect.wrap,
        cutByLimit: answer.finishReason === "length",
        slicer,
        check: (value) =>
          inexactNumberIn(value, numbers) ??
          schema.check(dialect.widened && jsonSchema !== null ? unWiden(value, jsonSchema) : value),
      });
      if (read.type === "value")
        return { type: "accept", value: { object: read.value }, answer: schemaRequest.toPlainAnswer(answer) };
      if (tools && dialect.kind !== "tool" && answer.toolCalls.length > 0)
        return { type: "accept", value: null, answer };
      if (read.type === "cut" || (read.type === "none" && answer.finishReason === "length")) return cut(answer, link);
      return mismatch(text, read.type === "none" ? NO_JSON : read.issues);
    },
  };
}
