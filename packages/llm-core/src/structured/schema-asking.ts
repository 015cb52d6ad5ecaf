import type { JsonObject } from "../contract/json.ts";
import type { Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import { LLMError, type SchemaIssue } from "../errors/llm-error.ts";
import type { FinishedAnswer } from "../run/answer.ts";
import type { FormLink, Prepared, TransportChoice } from "../run/answer-form.ts";
import { type ChosenDialect, chooseDialect, type Dialect } from "./choose-dialect.ts";
import { ANSWER, shapeRequest } from "./shape-request.ts";

/** What stays the same for all requests of a form. */
export interface SchemaAskingSetup {
  readonly jsonSchema: JsonObject | null;
  readonly transport: TransportChoice;
  /** The answer is read while it arrives. */
  readonly streaming: boolean;
  /** The call has tools of its own. */
  readonly tools: boolean;
}

/** Asks link after link for a schema: each in its dialect, with more room for the answer where one was cut. */
export interface SchemaAsking {
  /** The dialect of the latest request. */
  dialect(): Dialect;
  /** Whether the link is another than that of the latest request. */
  isNew(link: FormLink): boolean;
  prepare(request: ModelRequest, link: FormLink, further: readonly Message[]): Prepared;
  /** What the model said, in whatever part of its answer the dialect puts it. */
  said(answer: FinishedAnswer): string;
  /** The answer as the caller gets it: the same in every dialect. */
  plain(answer: FinishedAnswer): FinishedAnswer;
  /** After an answer was cut: whether the same link may be asked for a longer one. The next request then does. */
  growFor(answer: FinishedAnswer, link: FormLink): boolean;
}

const GROWTH = 4;
const MAX_GROWTHS = 2;
/** Where neither the caller nor the provider tells how long an answer may be. */
const CHARS_PER_TOKEN = 3;

/** Starts asking. One for each walk over the chain. */
export function createSchemaAsking(setup: SchemaAskingSetup): SchemaAsking {
  let current: (FormLink & { readonly chosen: ChosenDialect }) | null = null;
  let asked: number | null = null;
  /** The room that was too small, and the room to ask for instead. */
  let tooSmall: number | null = null;
  let wanted: number | null = null;
  let growths = 0;

  const isNew = (link: FormLink): boolean =>
    current === null ||
    current.provider !== link.provider ||
    current.model !== link.model ||
    current.index !== link.index;

  function chosenFor(link: FormLink): ChosenDialect {
    const { capabilities } = link;
    const streaming = setup.streaming ? setup.transport !== "json" : setup.transport === "stream";
    return chooseDialect({ jsonSchema: setup.jsonSchema, capabilities, streaming, tools: setup.tools });
  }

  return {
    dialect() {
      if (current === null) throw new TypeError("no request has been prepared");
      return current.chosen.dialect;
    },
    isNew,
    prepare(request, link, further) {
      const cap = link.capabilities.maxOutputTokens;
      const warnings: string[] = [];
      const fresh = isNew(link);
      if (fresh) {
        growths = 0;
        current = { ...link, chosen: chosenFor(link) };
        warnings.push(...current.chosen.warnings.map((warning) => `${link.provider}/${link.model}: ${warning}`));
      }
      if (fresh && tooSmall !== null && cap !== null && cap <= tooSmall) {
        const message = `${link.provider}/${link.model} answers with at most ${cap} tokens, and ${tooSmall} were too few`;
        return { skip: new LLMError({ code: "truncated", message, retryable: false }) };
      }
      asked = request.maxOutputTokens ?? null;
      if (wanted !== null && (asked === null || wanted > asked)) {
        asked = Math.min(wanted, cap ?? wanted);
        warnings.push(`maxOutputTokens raised to ${asked}: the answer had been cut`);
      }
      const messages = further.length === 0 ? request.messages : [...request.messages, ...further];
      const roomy = { ...request, messages, ...(asked === null ? {} : { maxOutputTokens: asked }) };
      const dialect = this.dialect();
      // A stream that is wanted as a stream; else the loop knows better.
      const transport = setup.streaming && setup.transport === "auto" ? "stream" : setup.transport;
      return { request: shapeRequest(roomy, dialect), transport, warnings, schemaDialect: dialect.kind };
    },
    said(answer) {
      if (this.dialect().kind !== "tool") return answer.text;
      return answer.toolCalls.find(({ name }) => name === ANSWER)?.rawInput ?? answer.text;
    },
    plain(answer) {
      if (this.dialect().kind !== "tool") return answer;
      const text = this.said(answer);
      const finishReason = answer.finishReason === "tool-calls" ? "stop" : answer.finishReason;
      return { ...answer, text, toolCalls: [], finishReason, message: { role: "assistant", content: text } };
    },
    growFor(answer, link) {
      const cap = link.capabilities.maxOutputTokens;
      const room = asked ?? answer.usage.outputTokens ?? Math.ceil(answer.text.length / CHARS_PER_TOKEN);
      tooSmall = Math.max(tooSmall ?? 0, room);
      wanted = Math.max(wanted ?? 0, tooSmall * GROWTH);
      if (growths >= MAX_GROWTHS || (cap !== null && cap <= room)) return false;
      growths += 1;
      return true;
    },
  };
}

/** `truncated`, for an answer that the token limit cut: the same request again would end the same. */
export function cutError(what: string): LLMError {
  return new LLMError({ code: "truncated", message: `the answer was cut: ${what}`, retryable: false });
}

/** `schema_mismatch`, naming the first issues. */
export function mismatchError(issues: readonly SchemaIssue[], text: string): LLMError {
  const told = issues.slice(0, 3).map(sayIssue).join("; ");
  return new LLMError({
    code: "schema_mismatch",
    message: `the answer does not fit the schema: ${told}${issues.length > 3 ? `; and ${issues.length - 3} more` : ""}`,
    details: { issues, text },
  });
}

/** `content_filter`, for an answer that stopped there. */
export function filteredError(): LLMError {
  return new LLMError({ code: "content_filter", message: "the provider broke off the answer (content policy)" });
}

/** Longest line of an issue: validators quote what they refuse, and name every member that they do not know. */
const MAX_LINE = 500;

/** An issue as one line of 500 characters at most. */
export function sayIssue({ path, message }: SchemaIssue): string {
  const line = path.length === 0 ? message : `${path.join(".")}: ${message}`;
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

const MAX_ISSUES = 20;
const MAX_ECHO = 24_000;

/** The previous answer with what is wrong about it, for asking again. An answer too long to repeat is left out. */
export function complaint(previous: string, issues: readonly SchemaIssue[], request: string): readonly Message[] {
  const told = issues.slice(0, MAX_ISSUES).map((issue) => `- ${sayIssue(issue)}`);
  if (issues.length > MAX_ISSUES) told.push(`- and ${issues.length - MAX_ISSUES} more`);
  const echo: readonly Message[] =
    previous.trim() === "" || previous.length > MAX_ECHO ? [] : [{ role: "assistant", content: previous }];
  const text = `This answer does not fit the schema:\n${told.join("\n")}\n${request}`;
  return [...echo, { role: "user", content: text }];
}
