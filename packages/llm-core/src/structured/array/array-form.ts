import type { Message } from "../../contract/message.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import { UNKNOWN_USAGE } from "../../contract/usage.ts";
import type { SchemaIssue } from "../../errors/error-details.ts";
import type { FinishedAnswer } from "../../run/answer.ts";
import type { AnswerForm, FormLink, Judgement, TransportChoice } from "../../run/answer-form.ts";
import { createNumberScan } from "../../run/inexact-numbers.ts";
import { inexactNumberIn } from "../json/inexact-number-in.ts";
import { createPacedText, type PacedText } from "../paced-text.ts";
import {
  correctionRequest,
  createSchemaRequest,
  cutError,
  filteredError,
  mismatchError,
} from "../request/schema-request.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import type { Checked, RequestedSchema } from "../schema/requested-schema.ts";
import { unWiden } from "../schema/un-widen.ts";
import type { TimeSlicer } from "../time-slicer.ts";
import { arrayOf } from "./array-of.ts";
import type { ArrayPart, PartCollection } from "./array-part.ts";
import { missingIssues, NO_ARRAY, taskFor } from "./array-task.ts";
import { createEarlyElements } from "./early-elements.ts";
import { createElementReader, type ElementReader } from "./element-reader.ts";
import { type ElementsRead, readElements } from "./read-elements.ts";

/** Input of {@link createArrayForm}. */
export interface ArrayFormSetup<T> {
  /** The schema of one element. */
  readonly schema: RequestedSchema<T>;
  readonly collection: PartCollection<T>;
  readonly maxReasks: number;
  readonly transport: TransportChoice;
  /** Whether elements are collected while they arrive. Else only those of a broken answer are collected before its end. */
  readonly streaming: boolean;
  readonly slicer: TimeSlicer;
}

/** The form of one part of a batch. */
export interface ArrayForm extends AnswerForm<null> {
  /** The latest answer that gave an element, and its link; `null`: none yet. */
  latest(): { readonly link: FormLink; readonly answer: FinishedAnswer } | null;
  /** Number of answers that gave elements. */
  answers(): number;
}

/** Maximum number of requests for the rest of a cut answer. Each one must give an element. */
const MAX_FILLS = 32;
/** An attempt with this many rejected elements, and fewer accepted ones, is not read further. */
const MAX_REJECTED = 1_000;
/** Number of elements between two checks of the time slice. */
const TIME_CHECK_EVERY = 256;

/** Creates the form of `generateArray` for one part: keeps valid elements, asks again for missing ones. */
export function createArrayForm<T>(setup: ArrayFormSetup<T>): ArrayForm {
  const { schema, collection, maxReasks, transport, streaming, slicer } = setup;
  const { part } = collection;
  const elementSchema = schema.jsonSchema;
  const element = expectedShape(elementSchema);
  const jsonSchema = elementSchema === null ? null : arrayOf(elementSchema);
  const schemaRequest = createSchemaRequest({ jsonSchema, transport, streaming, tools: false });
  let reasks = 0;
  let fills = 0;
  let correction: { readonly text: string; readonly issues: readonly SchemaIssue[] } | null = null;
  let latest: ReturnType<ArrayForm["latest"]> = null;
  let answers = 0;
  let link: FormLink | null = null;
  // State of the current attempt.
  let reader: ElementReader | null = null;
  /** If streaming: the text on its way to the element reader. */
  let arriving: PacedText | null = null;
  /** If not streaming: the answer so far, read if it breaks off. */
  let arrived: string[] = [];
  let early = createEarlyElements<T>();
  let pending: Promise<void>[] = [];
  let sizeBefore = 0;
  let rejectedBefore = 0;

  /** Inexact numbers of the answer so far. */
  let numbers = createNumberScan();

  const check = (raw: unknown): Checked<T> | Promise<Checked<T>> =>
    inexactNumberIn(raw, numbers.inexact) ??
    schema.check(schemaRequest.dialect().widened && elementSchema !== null ? unWiden(raw, elementSchema) : raw);

  function isFlooded(): boolean {
    const refused = collection.rejected.length - rejectedBefore;
    return refused >= MAX_REJECTED && refused > collection.size() - sizeBefore;
  }

  function addEarly(raw: unknown): void {
    const from = link;
    if (from === null || isFlooded()) return;
    const attempt = early;
    const enter = (checked: Checked<T>): void => {
      attempt.add(raw, checked);
      collection.add(raw, checked, from);
    };
    const checked = check(raw);
    if (checked instanceof Promise) pending.push(checked.then(enter));
    else enter(checked);
  }

  async function addAll({ raws, checks }: ElementsRead<T>, from: FormLink): Promise<readonly SchemaIssue[]> {
    const issues: SchemaIssue[] = [];
    for (let index = 0; index < checks.length; index += 1) {
      if (index % TIME_CHECK_EVERY === 0 && slicer.isSliceOver()) await slicer.pause();
      const checked = checks[index];
      if (checked === undefined || isFlooded()) break;
      const raw = raws[index];
      const isTaken = streaming && early.match(raw);
      const wrong = isTaken ? (checked.ok ? null : checked.issues) : collection.add(raw, checked, from);
      if (wrong !== null) issues.push(...wrong.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    }
    return issues;
  }

  function credit(giver: FormLink, answer: FinishedAnswer): void {
    latest = { link: giver, answer };
    answers += 1;
  }

  function followUp(): readonly Message[] {
    const task = taskFor(collection, correction !== null);
    if (correction !== null)
      return correctionRequest(correction.text, correction.issues, `${task}\nGive JSON and nothing else.`);
    if (collection.size() > 0 && part.ids === null) {
      const soFar = JSON.stringify(collection.raws());
      return [
        { role: "assistant", content: soFar },
        { role: "user", content: task },
      ];
    }
    return task === "" ? [] : [{ role: "user", content: task }];
  }

  function decide(
    answer: FinishedAnswer,
    at: FormLink,
    read: ElementsRead<T>,
    gained: number,
    issues: readonly SchemaIssue[],
  ): Judgement<null> {
    const missing = collection.missingCount();
    const cut = (read.cut && (read.found || answer.finishReason === "length")) || answer.finishReason === "length";
    const isWhole =
      missing === null ? read.found && !read.cut && (issues.length === 0 || reasks >= maxReasks) : missing === 0;
    if (isWhole) return { type: "accept", value: null, answer: schemaRequest.toPlainAnswer(answer) };
    const rest = missing === null ? "the end of the array" : `${missing} elements`;
    if (cut) {
      correction = null;
      const error = cutError(`${rest} missing`);
      if (gained > 0 && fills < MAX_FILLS) {
        fills += 1;
        return { type: "ask-again", error };
      }
      return { type: schemaRequest.growFor(answer, at) ? "ask-again" : "reject", error };
    }
    const text = schemaRequest.answerText(answer);
    const allIssues = [...issues, ...(read.found ? [] : [NO_ARRAY]), ...missingIssues(collection)];
    const error = mismatchError(allIssues, text);
    if (reasks >= maxReasks) return { type: "reject", error };
    reasks += 1;
    correction = { text, issues: allIssues };
    return { type: "ask-again", error };
  }

  return {
    mayRace: false,
    latest: () => latest,
    answers: () => answers,
    prepare(request, next) {
      if (schemaRequest.isNew(next)) {
        reasks = 0;
        fills = 0;
        correction = null;
      }
      link = next;
      arrived = [];
      early = createEarlyElements();
      numbers = createNumberScan();
      pending = [];
      sizeBefore = collection.size();
      rejectedBefore = collection.rejected.length;
      collection.newAttempt();
      const prepared = schemaRequest.prepare(request, next, followUp());
      const { wrap } = schemaRequest.dialect();
      reader = createElementReader({ element, wrap }, addEarly);
      arriving = streaming ? createPacedText(reader.write, slicer) : null;
      return prepared;
    },
    simplify: (refused) => schemaRequest.simplify(refused),
    observe(part: StreamPart) {
      const isInput = part.type === "tool-call" && schemaRequest.dialect().kind === "tool";
      const text = part.type === "text" ? part.text : isInput ? part.inputText : "";
      if (text === "") return;
      numbers.write(text);
      if (arriving === null) arrived.push(text);
      else arriving.write(text);
    },
    failed() {
      // The call may end here: collect all complete elements now.
      arriving?.drain();
      reader?.write(arrived.splice(0).join(""));
      if (link !== null && collection.size() > sizeBefore) credit(link, brokenOff(collection.raws().slice(sizeBefore)));
    },
    async judge(answer, at) {
      await arriving?.drained();
      await Promise.all(pending);
      if (answer.finishReason === "content-filter") {
        // Elements that arrived before the filter were shown.
        if (collection.size() > sizeBefore) credit(at, schemaRequest.toPlainAnswer(answer));
        return { type: "reject", error: filteredError() };
      }
      const { wrap } = schemaRequest.dialect();
      const text = schemaRequest.answerText(answer);
      slicer.begin();
      const read = await readElements(text, {
        element,
        wrap,
        cutByLimit: answer.finishReason === "length",
        maxElements: maxElementsOf(part),
        ...(streaming && reader !== null ? { known: reader.known, onlyElements: reader.onlyElements } : {}),
        check: (raw) => early.checked(raw) ?? check(raw),
        slicer,
      });
      const issues = await addAll(read, at);
      const gained = collection.size() - sizeBefore;
      if (gained > 0) credit(at, schemaRequest.toPlainAnswer(answer));
      return decide(answer, at, read, gained, issues);
    },
  };
}

/** Maximum number of elements to read; `undefined`: no limit, because the requested number is unknown. */
function maxElementsOf({ ids, count }: ArrayPart): number | undefined {
  const expectedCount = ids === null ? count : ids.length;
  return expectedCount === null ? undefined : expectedCount * 2 + MAX_REJECTED;
}

/** Builds an answer from the elements of a broken one. */
function brokenOff(elements: readonly unknown[]): FinishedAnswer {
  const text = JSON.stringify(elements);
  return {
    text,
    reasoning: null,
    toolCalls: [],
    message: { role: "assistant", content: text },
    finishReason: "other",
    rawFinishReason: null,
    responseId: null,
    responseModel: null,
    usage: UNKNOWN_USAGE,
  };
}
