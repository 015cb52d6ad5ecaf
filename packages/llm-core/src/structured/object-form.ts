import type { Message } from "../contract/message.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import type { SchemaIssue } from "../errors/error-details.ts";
import type { FinishedAnswer } from "../run/answer.ts";
import type { AnswerForm, FormLink, Judgement, TransportChoice } from "../run/answer-form.ts";
import { inexactNumbers } from "../run/inexact-numbers.ts";
import type { AskedSchema } from "./asked-schema.ts";
import { inexactNumberIn } from "./inexact-number-in.ts";
import type { ObjectWatch } from "./object-watch.ts";
import { createPacedText, type PacedText } from "./paced-text.ts";
import { readObject } from "./read-object.ts";
import {
  correctionRequest,
  createSchemaAsking,
  cutError,
  filteredError,
  mismatchError,
  type SchemaAsking,
} from "./schema-asking.ts";
import type { TimeSlicer } from "./time-slicer.ts";
import { unWiden } from "./un-widen.ts";
import { wantedShape } from "./wanted-shape.ts";

/** Input of {@link createObjectForm}. */
export interface ObjectFormSetup<T> {
  readonly schema: AskedSchema<T>;
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
  const wanted = wantedShape(jsonSchema);
  const asking: SchemaAsking = createSchemaAsking({ jsonSchema, transport, streaming: watch !== undefined, tools });
  let reasks = 0;
  let followUp: readonly Message[] = [];
  /** Text of the current attempt on its way to the watch. */
  let watched: PacedText | null = null;

  function cut(answer: FinishedAnswer, link: FormLink): Judgement<never> {
    const error = cutError("the object is not complete");
    // Cut JSON is not continued: the next request asks for a complete answer.
    followUp = [];
    return { type: asking.growFor(answer, link) ? "ask-again" : "reject", error };
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
      if (asking.isNew(link)) {
        reasks = 0;
        followUp = [];
      }
      const prepared = asking.prepare(request, link, followUp);
      if (watch !== undefined && !("skip" in prepared)) {
        watch.attempt(asking.dialect());
        watched = createPacedText(watch.text, slicer);
      }
      return prepared;
    },
    simplify: (refused) => asking.simplify(refused),
    observe(part: StreamPart) {
      if (part.type === "text") watched?.write(part.text);
      else if (part.type === "tool-call" && asking.dialect().kind === "tool") watched?.write(part.inputText);
    },
    failed: () => watched?.drain(),
    async judge(answer, link) {
      await watched?.drained();
      slicer.begin();
      if (answer.finishReason === "content-filter") return { type: "reject", error: filteredError() };
      const dialect = asking.dialect();
      const text = asking.answerText(answer);
      const numbers = inexactNumbers(text);
      const read = await readObject(text, {
        wanted,
        wrap: dialect.wrap,
        cutByLimit: answer.finishReason === "length",
        slicer,
        check: (value) =>
          inexactNumberIn(value, numbers) ??
          schema.check(dialect.widened && jsonSchema !== null ? unWiden(value, jsonSchema) : value),
      });
      if (read.type === "value")
        return { type: "accept", value: { object: read.value }, answer: asking.toPlainAnswer(answer) };
      if (tools && dialect.kind !== "tool" && answer.toolCalls.length > 0)
        return { type: "accept", value: null, answer };
      if (read.type === "cut" || (read.type === "none" && answer.finishReason === "length")) return cut(answer, link);
      return mismatch(text, read.type === "none" ? NO_JSON : read.issues);
    },
  };
}
