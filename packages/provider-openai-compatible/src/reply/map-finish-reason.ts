import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish, stringField } from "@babylon/provider-kit";

/**
 * The reasons of this family, letters alone: OpenAI's four, and what servers with another wire behind them pass through (Anthropic,
 * Bedrock, Cohere, Gemini, Mistral, Ollama, TGI, DashScope; 2026-11).
 */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  stopped: "stop",
  stopsequence: "stop",
  stoptoken: "stop",
  stopword: "stop",
  endturn: "stop",
  endofturn: "stop",
  endofsequence: "stop",
  eos: "stop",
  eostoken: "stop",
  complete: "stop",
  completed: "stop",
  finish: "stop",
  finished: "stop",
  done: "stop",
  length: "length",
  maxlength: "length",
  maxtokens: "length",
  maxtokensreached: "length",
  maxnewtokens: "length",
  maxoutputtokens: "length",
  maxcompletiontokens: "length",
  modellength: "length",
  tokenlimit: "length",
  contextlength: "length",
  contextlengthexceeded: "length",
  contextwindowexceeded: "length",
  modelcontextwindowexceeded: "length",
  toolcalls: "tool-calls",
  toolcall: "tool-calls",
  tooluse: "tool-calls",
  functioncall: "tool-calls",
  functioncalls: "tool-calls",
  contentfilter: "content-filter",
  contentfiltered: "content-filter",
  contentpolicyviolation: "content-filter",
  guardrailintervened: "content-filter",
  refusal: "content-filter",
  safety: "content-filter",
  sensitive: "content-filter",
  recitation: "content-filter",
  blocklist: "content-filter",
  blocked: "content-filter",
  prohibitedcontent: "content-filter",
  spii: "content-filter",
  imagesafety: "content-filter",
  language: "content-filter",
};

/** Words of servers that say with them that there is no reason yet. */
const NOT_YET: ReadonlySet<string> = new Set(["null", "none", "undefined", "unspecified"]);

/** Longer than any reason. */
const MAX_LENGTH = 100;

/** `FinishReason.MAX_TOKENS`, `maxTokens` and `max_tokens` are one word. */
function lettersOf(reason: string): string {
  return reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/^finishreason/, "");
}

/** The reason that a choice states; `null`: none, or that there is none yet. */
export function statedReason(choice: unknown): string | null {
  const stated = stringField(choice, "finish_reason") ?? stringField(choice, "finishReason");
  return stated === null || stated.trim() === "" || NOT_YET.has(lettersOf(stated)) ? null : stated;
}

/**
 * What a finish reason says about the answer that it ends: whole, with the reason in the common vocabulary; a failure of the server;
 * or nothing that anyone knows, and then only the wire's end marker makes the answer whole.
 */
export type Finish =
  | { readonly type: "whole"; readonly reason: FinishReason }
  | { readonly type: "failed"; readonly failure: FailedFinish }
  | { readonly type: "unknown" };

const UNKNOWN: Finish = { type: "unknown" };

/** Reads a finish reason of this family, in any case. */
export function readFinish(reason: string): Finish {
  const word = lettersOf(reason);
  const known = Object.hasOwn(REASONS, word) ? REASONS[word] : undefined;
  if (known !== undefined) return { type: "whole", reason: known };
  const failure = failedFinish(reason);
  return failure === null ? UNKNOWN : { type: "failed", failure };
}

/** What else the answer showed. */
interface Seen {
  readonly toolCalls: boolean;
  /** The text is the model's refusal (`message.refusal`). */
  readonly refusal: boolean;
}

/**
 * The finish reason of a whole answer in the common vocabulary. A refusal is a `content-filter` whatever the vendor calls it, and an
 * answer with tool calls that "stopped" (as with a named tool choice) stopped for them. `other`: nobody knows the reason.
 *
 * @param reason - `null`: the vendor gave none, and its end marker was enough
 */
export function mapFinishReason(reason: string | null, seen: Seen): FinishReason {
  if (seen.refusal) return "content-filter";
  const finish: Finish = reason === null ? { type: "whole", reason: "stop" } : readFinish(reason);
  if (finish.type !== "whole") return "other";
  return finish.reason === "stop" && seen.toolCalls ? "tool-calls" : finish.reason;
}
