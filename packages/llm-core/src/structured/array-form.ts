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
import { createElementReader } from "./element-reader.ts";
import { exactCheck } from "./exact-check.ts";
import { type ElementsRead, readElements } from "./read-elements.ts";
import { complaint, createSchemaAsking, cutError, filteredError, mismatchError } from "./schema-asking.ts";
import { unWiden } from "./un-widen.ts";
import type { ValueReader } from "./value-reader.ts";
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

/** The form of `generateArray` for one part: keeps what is valid, asks for what is missing. */
export function createArrayForm<T>(setup: ArrayFormSetup<T>): ArrayForm {
  const { schema, collection, maxReasks, transport, streaming } = setup;
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
  let reader: ValueReader | null = null;
  /** Elements as JSON, for the case that the answer breaks off. */
  let arrived: string[] = [];
  let early = new Map<string, number>();
  let pending: Promise<void>[] = [];
  let sizeBefore = 0;
  let refusedBefore = 0;

  const check = (raw: unknown): Checked<T> | Promise<Checked<T>> =>
    schema.check(asking.dialect().widened && elementSchema !== null ? unWiden(raw, elementSchema) : raw);

  function isFlooded(): boolean {
    const refused = collection.rejected.length - refusedBefore;
    return refused >= MAX_REFUSALS && refused > collection.size() - sizeBefore;
  }

  function takeEarly(source: string): void {
    const from = link;
    if (from === null || isFlooded()) return;
    const raw: unknown = JSON.parse(source);
    const key = JSON.stringify(raw);
    early.set(key, (early.get(key) ?? 0) + 1);
    const checked = exactCheck(source, check)(raw);
    if (checked instanceof Promise) pending.push(checked.then((done) => void collection.take(raw, done, from)));
    else collection.take(raw, checked, from);
  }

  /** Whether this very element of the attempt has been dealt with while it arrived. */
  function wasEarly(raw: unknown): boolean {
    const key = JSON.stringify(raw);
    const left = early.get(key) ?? 0;
    early.set(key, left - 1);
    return left > 0;
  }

  function takeAll(read: ElementsRead<T>, from: FormLink): readonly SchemaIssue[] {
    const issues: SchemaIssue[] = [];
    for (const [index, found] of read.elements.entries()) {
      if (isFlooded()) break;
      if (streaming && wasEarly(found.raw)) {
        if (!found.ok) issues.push(...found.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
        continue;
      }
      const wrong = collection.take(found.raw, found, from);
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
      early = new Map();
      pending = [];
      sizeBefore = collection.size();
      refusedBefore = collection.rejected.length;
      collection.newAttempt();
      const prepared = asking.prepare(request, next, further());
      const { wrap } = asking.dialect();
      reader = createElementReader({ element, wrap }, streaming ? takeEarly : (source) => void arrived.push(source));
      return prepared;
    },
    simplify: (refused) => asking.simplify(refused),
    observe(part: StreamPart) {
      if (part.type === "text") reader?.write(part.text);
      else if (part.type === "tool-call" && asking.dialect().kind === "tool") reader?.write(part.inputText);
    },
    failed() {
      // The call may end here: what is whole is kept now.
      for (const source of arrived.splice(0)) takeEarly(source);
      if (link !== null && collection.size() > sizeBefore) credit(link, brokenOff(collection.raws().slice(sizeBefore)));
    },
    async judge(answer, at) {
      await Promise.all(pending);
      if (answer.finishReason === "content-filter") return { type: "reject", error: filteredError() };
      const { wrap } = asking.dialect();
      const text = asking.said(answer);
      const read = await readElements(text, {
        element,
        wrap,
        cutByLimit: answer.finishReason === "length",
        most: mostOf(part),
        check: exactCheck(text, check),
      });
      const issues = takeAll(read, at);
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
