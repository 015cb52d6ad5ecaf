import type { Message } from "../contract/message.ts";
import type { StreamPart } from "../contract/model-answer.ts";
import { UNKNOWN_USAGE } from "../contract/usage.ts";
import type { SchemaIssue } from "../errors/llm-error.ts";
import type { FinishedAnswer } from "../run/answer.ts";
import type { AnswerForm, FormLink, Judgement, TransportChoice } from "../run/answer-form.ts";
import { arrayOf } from "./array-of.ts";
import type { ArrayPart, PartCollection } from "./array-part.ts";
import { lackOf, NO_ARRAY, taskFor } from "./array-task.ts";
import type { AskedSchema, Checked } from "./asked-schema.ts";
import { createEarlyElements } from "./early-elements.ts";
import { createElementReader, type ElementReader } from "./element-reader.ts";
import type { Pace } from "./pace.ts";
import { createPacedText, type PacedText } from "./paced-text.ts";
import { type ElementsRead, readElements } from "./read-elements.ts";
import { complaint, createSchemaAsking, cutError, filteredError, mismatchError } from "./schema-asking.ts";
import { unWiden } from "./un-widen.ts";
import { wantedShape } from "./wanted-shape.ts";

/** What the elements of a part are asked for with. */
export interface ArrayFormSetup<T> {
  /** Of one element. */
  readonly schema: AskedSchema<T>;
  readonly collection: PartCollection<T>;
  readonly maxReasks: number;
  readonly transport: TransportChoice;
  /** Elements are taken while they arrive; else only those of an answer that broke off are. */
  readonly streaming: boolean;
  readonly pace: Pace;
}

/** The form of one part, and who answered last. */
export interface ArrayForm extends AnswerForm<null> {
  /** The latest answer that gave an element, and its link; `null` before. */
  latest(): { readonly link: FormLink; readonly answer: FinishedAnswer } | null;
  /** How many answers gave elements. */
  answers(): number;
}

/** Each must bring an element; a model that gives them one by one is left in the end. */
const MAX_FILLS = 32;
/** An attempt with so many elements that are refused, and fewer that are taken, is not read further. */
const MAX_REFUSALS = 1_000;
/** How many elements are taken without a look at the time. */
const AT_ONCE = 256;

/** The form of `generateArray` for one part: keeps what is valid, asks for what is missing. */
export function createArrayForm<T>(setup: ArrayFormSetup<T>): ArrayForm {
  const { schema, collection, maxReasks, transport, streaming, pace } = setup;
  const { part } = collection;
  const elementSchema = schema.jsonSchema;
  const element = wantedShape(elementSchema);
  const jsonSchema = elementSchema === null ? null : arrayOf(elementSchema);
  const asking = createSchemaAsking({ jsonSchema, transport, streaming, tools: false });
  let reasks = 0;
  let fills = 0;
  let objection: { readonly text: string; readonly issues: readonly SchemaIssue[] } | null = null;
  let latest: ReturnType<ArrayForm["latest"]> = null;
  let answers = 0;
  let link: FormLink | null = null;
  // Of the attempt under way.
  let reader: ElementReader | null = null;
  /** Where elements are taken while they arrive: on its way to the reader. */
  let arriving: PacedText | null = null;
  /** Else the answer so far, for the case that it breaks off. */
  let arrived: string[] = [];
  let early = createEarlyElements<T>();
  let pending: Promise<void>[] = [];
  let sizeBefore = 0;
  let refusedBefore = 0;

  const check = (raw: unknown): Checked<T> | Promise<Checked<T>> =>
    schema.check(asking.dialect().widened && elementSchema !== null ? unWiden(raw, elementSchema) : raw);

  function isFlooded(): boolean {
    const refused = collection.rejected.length - refusedBefore;
    return refused >= MAX_REFUSALS && refused > collection.size() - sizeBefore;
  }

  function takeEarly(raw: unknown): void {
    const from = link;
    if (from === null || isFlooded()) return;
    const attempt = early;
    const enter = (checked: Checked<T>): void => {
      attempt.add(raw, checked);
      collection.take(raw, checked, from);
    };
    const checked = check(raw);
    if (checked instanceof Promise) pending.push(checked.then(enter));
    else enter(checked);
  }

  async function takeAll({ raws, checks }: ElementsRead<T>, from: FormLink): Promise<readonly SchemaIssue[]> {
    const issues: SchemaIssue[] = [];
    for (let index = 0; index < checks.length; index += 1) {
      if (index % AT_ONCE === 0 && pace.isDue()) await pace.turn();
      const checked = checks[index];
      if (checked === undefined || isFlooded()) break;
      const raw = raws[index];
      const isTaken = streaming && early.take(raw);
      const wrong = isTaken ? (checked.ok ? null : checked.issues) : collection.take(raw, checked, from);
      if (wrong !== null) issues.push(...wrong.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    }
    return issues;
  }

  function credit(giver: FormLink, answer: FinishedAnswer): void {
    latest = { link: giver, answer };
    answers += 1;
  }

  function further(): readonly Message[] {
    const task = taskFor(collection, objection !== null);
    if (objection !== null) return complaint(objection.text, objection.issues, `${task}\nGive JSON and nothing else.`);
    if (collection.size() > 0 && part.ids === null) {
      const kept = JSON.stringify(collection.raws());
      return [
        { role: "assistant", content: kept },
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
    if (isWhole) return { type: "accept", value: null, answer: asking.plain(answer) };
    const rest = missing === null ? "the end of the array" : `${missing} elements`;
    if (cut) {
      objection = null;
      const error = cutError(`${rest} missing`);
      if (gained > 0 && fills < MAX_FILLS) {
        fills += 1;
        return { type: "ask-again", error };
      }
      return { type: asking.growFor(answer, at) ? "ask-again" : "reject", error };
    }
    const text = asking.said(answer);
    const told = [...issues, ...(read.found ? [] : [NO_ARRAY]), ...lackOf(collection)];
    const error = mismatchError(told, text);
    if (reasks >= maxReasks) return { type: "reject", error };
    reasks += 1;
    objection = { text, issues: told };
    return { type: "ask-again", error };
  }

  return {
    mayRace: false,
    latest: () => latest,
    answers: () => answers,
    prepare(request, next) {
      if (asking.isNew(next)) {
        reasks = 0;
        fills = 0;
        objection = null;
      }
      link = next;
      arrived = [];
      early = createEarlyElements();
      pending = [];
      sizeBefore = collection.size();
      refusedBefore = collection.rejected.length;
      collection.newAttempt();
      const prepared = asking.prepare(request, next, further());
      const { wrap } = asking.dialect();
      reader = createElementReader({ element, wrap }, takeEarly);
      arriving = streaming ? createPacedText(reader.write, pace) : null;
      return prepared;
    },
    observe(part: StreamPart) {
      const isInput = part.type === "tool-call" && asking.dialect().kind === "tool";
      const text = part.type === "text" ? part.text : isInput ? part.inputText : "";
      if (text === "") return;
      if (arriving === null) arrived.push(text);
      else arriving.write(text);
    },
    failed() {
      // The call may end here: what is whole is kept now.
      arriving?.drain();
      reader?.write(arrived.splice(0).join(""));
      if (link !== null && collection.size() > sizeBefore) credit(link, brokenOff(collection.raws().slice(sizeBefore)));
    },
    async judge(answer, at) {
      await arriving?.drained();
      await Promise.all(pending);
      if (answer.finishReason === "content-filter") return { type: "reject", error: filteredError() };
      const { wrap } = asking.dialect();
      const said = asking.said(answer);
      pace.begin();
      const read = await readElements(said, {
        element,
        wrap,
        cutByLimit: answer.finishReason === "length",
        most: mostOf(part),
        known: streaming ? reader?.known(said) : [],
        check: (raw) => early.checked(raw) ?? check(raw),
        pace,
      });
      const issues = await takeAll(read, at);
      const gained = collection.size() - sizeBefore;
      if (gained > 0) credit(at, asking.plain(answer));
      return decide(answer, at, read, gained, issues);
    },
  };
}

/** Where it is known how many elements are wanted, an answer with far more is not read to its end. */
function mostOf({ ids, count }: ArrayPart): number | undefined {
  const wanted = ids === null ? count : ids.length;
  return wanted === null ? undefined : wanted * 2 + MAX_REFUSALS;
}

/** What is left of an answer that did not come to its end. */
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
