import type { JsonObject } from "../../contract/json.ts";
import type { Message } from "../../contract/message.ts";
import type { ModelRequest, SchemaDialect } from "../../contract/provider.ts";
import type { RefusedPart, SchemaIssue } from "../../errors/error-details.ts";
import { LLMError } from "../../errors/llm-error.ts";
import type { FinishedAnswer } from "../../run/answer.ts";
import type { FormLink, Prepared, TransportChoice } from "../../run/answer-form.ts";
import { type ChosenDialect, chooseDialect, type Dialect } from "./choose-dialect.ts";
import { ANSWER, shapeRequest } from "./shape-request.ts";

/** Input of {@link createSchemaRequest}. */
export interface SchemaRequestSetup {
  readonly jsonSchema: JsonObject | null;
  readonly transport: TransportChoice;
  /** Whether the answer is read while it arrives. */
  readonly streaming: boolean;
  /** Whether the call has tools. */
  readonly tools: boolean;
}

/** Builds the requests for a schema: for each link in its dialect, with a higher token limit after a cut answer. */
export interface SchemaRequest {
  /** The dialect of the latest request. */
  dialect(): Dialect;
  /** Whether the link differs from that of the latest request. */
  isNew(link: FormLink): boolean;
  prepare(request: ModelRequest, link: FormLink, further: readonly Message[]): Prepared;
  /** The text of the answer, from the part in which the dialect puts it. */
  answerText(answer: FinishedAnswer): string;
  /** The answer in the form for the caller, equal for all dialects. */
  toPlainAnswer(answer: FinishedAnswer): FinishedAnswer;
  /** To be called when the link refused the dialect. `true`: the next request to it uses a simpler one. */
  simplify(refused: RefusedPart): boolean;
  /** To be called after a cut answer. `true`: the next request to the same link allows a longer one. */
  growFor(answer: FinishedAnswer, link: FormLink): boolean;
}

/** The dialects that a refused part excludes, in addition to the current one. */
const DIALECTS_OF: Readonly<Record<RefusedPart["kind"], readonly SchemaDialect[]>> = {
  strict: [],
  schema: ["strict", "loose"],
  format: ["strict", "loose", "json-mode"],
  tool: ["tool"],
  field: [],
};

const GROWTH = 4;
const MAX_GROWTHS = 2;
/** Used if neither the caller nor the provider limits the length of an answer. */
const CHARS_PER_TOKEN = 3;

/** Creates the state for one walk over the chain. */
export function createSchemaRequest(setup: SchemaRequestSetup): SchemaRequest {
  let current: (FormLink & { readonly chosen: ChosenDialect }) | null = null;
  let requestedTokens: number | null = null;
  /** The token limit that was too low, and the one to request instead. */
  let insufficientTokens: number | null = null;
  let neededTokens: number | null = null;
  let growths = 0;
  /** Refused dialects by link. */
  const refusals = new Map<string, Set<SchemaDialect>>();

  function refusedBy({ provider, model, index }: FormLink): Set<SchemaDialect> {
    const key = JSON.stringify([provider, model, index]);
    const refused = refusals.get(key) ?? new Set();
    refusals.set(key, refused);
    return refused;
  }

  const isNew = (link: FormLink): boolean =>
    current === null ||
    current.provider !== link.provider ||
    current.model !== link.model ||
    current.index !== link.index;

  function chosenFor(link: FormLink): ChosenDialect {
    const { capabilities } = link;
    const streaming = setup.streaming ? setup.transport !== "json" : setup.transport === "stream";
    const { jsonSchema, tools } = setup;
    return chooseDialect({ jsonSchema, capabilities, streaming, tools, refused: refusedBy(link) });
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
      }
      // Duplicate warnings are dropped by `warn`.
      const chosen = current?.chosen.warnings ?? [];
      warnings.push(...chosen.map((warning) => `${link.provider}/${link.model}: ${warning}`));
      if (fresh && insufficientTokens !== null && cap !== null && cap <= insufficientTokens) {
        const message = `${link.provider}/${link.model} answers with at most ${cap} tokens, and ${insufficientTokens} were too few`;
        return { skip: new LLMError({ code: "truncated", message, retryable: false }) };
      }
      requestedTokens = request.maxOutputTokens ?? null;
      if (neededTokens !== null && (requestedTokens === null || neededTokens > requestedTokens)) {
        requestedTokens = Math.min(neededTokens, cap ?? neededTokens);
        warnings.push(`maxOutputTokens raised to ${requestedTokens}: the answer had been cut`);
      }
      const messages = further.length === 0 ? request.messages : [...request.messages, ...further];
      const roomy = { ...request, messages, ...(requestedTokens === null ? {} : { maxOutputTokens: requestedTokens }) };
      const dialect = this.dialect();
      // Streamed if the caller streams; else the chain decides.
      const transport = setup.streaming && setup.transport === "auto" ? "stream" : setup.transport;
      return { request: shapeRequest(roomy, dialect), transport, warnings, schemaDialect: dialect.kind };
    },
    answerText(answer) {
      if (this.dialect().kind !== "tool") return answer.text;
      return answer.toolCalls.find(({ name }) => name === ANSWER)?.rawInput ?? answer.text;
    },
    toPlainAnswer(answer) {
      if (this.dialect().kind !== "tool") return answer;
      const text = this.answerText(answer);
      const finishReason = answer.finishReason === "tool-calls" ? "stop" : answer.finishReason;
      return { ...answer, text, toolCalls: [], finishReason, message: { role: "assistant", content: text } };
    },
    simplify({ kind }) {
      if (current === null || kind === "field") return false;
      const { kind: dialectKind } = current.chosen.dialect;
      const isOfFormat = dialectKind !== "tool" && dialectKind !== "prompt";
      if (dialectKind === "prompt" || isOfFormat === (kind === "tool")) return false;
      const refused = refusedBy(current);
      for (const dialect of [dialectKind, ...DIALECTS_OF[kind]]) refused.add(dialect);
      current = { ...current, chosen: chosenFor(current) };
      return true;
    },
    growFor(answer, link) {
      const cap = link.capabilities.maxOutputTokens;
      const room = requestedTokens ?? answer.usage.outputTokens ?? Math.ceil(answer.text.length / CHARS_PER_TOKEN);
      insufficientTokens = Math.max(insufficientTokens ?? 0, room);
      neededTokens = Math.max(neededTokens ?? 0, insufficientTokens * GROWTH);
      if (growths >= MAX_GROWTHS || (cap !== null && cap <= room)) return false;
      growths += 1;
      return true;
    },
  };
}

/** Creates `truncated` for an answer that the token limit cut. Not retryable: the same request would be cut again. */
export function cutError(what: string): LLMError {
  return new LLMError({ code: "truncated", message: `the answer was cut: ${what}`, retryable: false });
}

/** Creates `schema_mismatch` with the first issues in the message. */
export function mismatchError(issues: readonly SchemaIssue[], text: string): LLMError {
  const summary = issues.slice(0, 3).map(formatIssue).join("; ");
  return new LLMError({
    code: "schema_mismatch",
    message: `the answer does not fit the schema: ${summary}${issues.length > 3 ? `; and ${issues.length - 3} more` : ""}`,
    details: { issues, text },
  });
}

/** Creates `content_filter` for an answer that the filter stopped. */
export function filteredError(): LLMError {
  return new LLMError({ code: "content_filter", message: "the provider broke off the answer (content policy)" });
}

/** Maximum length of an issue: validators quote rejected values and list all unknown members. */
const MAX_LINE = 500;

/** Formats an issue as one line of at most 500 characters. */
export function formatIssue({ path, message }: SchemaIssue): string {
  const line = path.length === 0 ? message : `${path.join(".")}: ${message}`;
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

const MAX_ISSUES = 20;
const MAX_ECHO = 24_000;

/** The messages that ask for a correction: the previous answer, unless it is too long, and its issues. */
export function correctionRequest(
  previous: string,
  issues: readonly SchemaIssue[],
  request: string,
): readonly Message[] {
  const lines = issues.slice(0, MAX_ISSUES).map((issue) => `- ${formatIssue(issue)}`);
  if (issues.length > MAX_ISSUES) lines.push(`- and ${issues.length - MAX_ISSUES} more`);
  const echo: readonly Message[] =
    previous.trim() === "" || previous.length > MAX_ECHO ? [] : [{ role: "assistant", content: previous }];
  const text = `This answer does not fit the schema:\n${lines.join("\n")}\n${request}`;
  return [...echo, { role: "user", content: text }];
}
