import type { Message } from "../contract/message.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import type { SchemaIssue } from "../errors/llm-error.ts";
import type { FinishedAnswer } from "../run/answer.ts";
import type { AnswerForm, FormLink, Judgement, TransportChoice } from "../run/answer-form.ts";
import type { AskedSchema } from "./asked-schema.ts";
import type { ObjectWatch } from "./object-watch.ts";
import type { Pace } from "./pace.ts";
import { createPacedText, type PacedText } from "./paced-text.ts";
import { readObject } from "./read-object.ts";
import {
  complaint,
  createSchemaAsking,
  cutError,
  filteredError,
  mismatchError,
  type SchemaAsking,
} from "./schema-asking.ts";
import { unWiden } from "./un-widen.ts";
import { wantedShape } from "./wanted-shape.ts";

/** What an object is asked for with. */
export interface ObjectFormSetup<T> {
  readonly schema: AskedSchema<T>;
  readonly maxReasks: number;
  readonly transport: TransportChoice;
  /** The call has tools of its own: an answer that asks for one needs no object. */
  readonly tools: boolean;
  /** Told of the answer while it arrives. */
  readonly watch?: ObjectWatch | undefined;
  readonly pace: Pace;
}

const NO_JSON: readonly SchemaIssue[] = [{ message: "there is no JSON in the answer", path: [] }];
const AGAIN = "Answer again, with all of it corrected, as JSON and nothing else.";

/** The form of `generateObject`: the value, or `null` where the model asked for a tool of the caller instead. */
export function createObjectForm<T>(setup: ObjectFormSetup<T>): AnswerForm<{ readonly object: T } | null> {
  const { schema, maxReasks, transport, tools, watch, pace } = setup;
  const { jsonSchema } = schema;
  const wanted = wantedShape(jsonSchema);
  const asking: SchemaAsking = createSchemaAsking({ jsonSchema, transport, streaming: watch !== undefined, tools });
  let reasks = 0;
  let further: readonly Message[] = [];
  /** Of the attempt under way: on its way to the watch. */
  let watched: PacedText | null = null;

  function cut(answer: FinishedAnswer, link: FormLink): Judgement<never> {
    const error = cutError("the object is not complete");
    // Never text to text: the next answer is a whole one.
    further = [];
    return { type: asking.growFor(answer, link) ? "ask-again" : "reject", error };
  }

  function mismatch(text: string, issues: readonly SchemaIssue[]): Judgement<never> {
    const error = mismatchError(issues, text);
    if (reasks >= maxReasks) return { type: "reject", error };
    reasks += 1;
    further = complaint(text, issues, AGAIN);
    return { type: "ask-again", error };
  }

  return {
    mayRace: false,
    prepare(request, link) {
      if (asking.isNew(link)) {
        reasks = 0;
        further = [];
      }
      const prepared = asking.prepare(request, link, further);
      if (watch !== undefined && !("skip" in prepared)) {
        watch.attempt(asking.dialect());
        watched = createPacedText(watch.text, pace);
      }
      return prepared;
    },
    observe(part: StreamPart) {
      if (part.type === "text") watched?.write(part.text);
      else if (part.type === "tool-call" && asking.dialect().kind === "tool") watched?.write(part.inputText);
    },
    failed: () => watched?.drain(),
    async judge(answer, link) {
      await watched?.drained();
      pace.begin();
      if (answer.finishReason === "content-filter") return { type: "reject", error: filteredError() };
      const dialect = asking.dialect();
      const text = asking.said(answer);
      const read = await readObject(text, {
        wanted,
        wrap: dialect.wrap,
        cutByLimit: answer.finishReason === "length",
        pace,
        check: (value) => schema.check(dialect.widened && jsonSchema !== null ? unWiden(value, jsonSchema) : value),
      });
      if (read.type === "value") return { type: "accept", value: { object: read.value }, answer: asking.plain(answer) };
      if (tools && dialect.kind !== "tool" && answer.toolCalls.length > 0)
        return { type: "accept", value: null, answer };
      if (read.type === "cut" || (read.type === "none" && answer.finishReason === "length")) return cut(answer, link);
      return mismatch(text, read.type === "none" ? NO_JSON : read.issues);
    },
  };
}
