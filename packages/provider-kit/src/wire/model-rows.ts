import { isRecord } from "@babylon/llm-core";
import { fieldOf, stringField } from "../read-field.ts";

/** The fields that hold the rows: `data` at OpenAI and Anthropic, `models` at Ollama and Gemini. */
const ROWS = ["data", "models", "result"] as const;

/**
 * The rows of a list of models: a bare array (Together), or an array within an object, where `null` is an empty list. A row that is a string
 * becomes an object with that id, and a row without an `id` gets its `model` or `name` (Ollama, Gemini) as one. Returns `null` if the reply is not a list.
 */
export function modelRows(reply: unknown): readonly unknown[] | null {
  if (Array.isArray(reply)) return toRows(reply);
  if (!isRecord(reply)) return null;
  const name = ROWS.find((row) => reply[row] === null || Array.isArray(reply[row]));
  if (name === undefined) return null;
  const rows = reply[name];
  return Array.isArray(rows) ? toRows(rows) : [];
}

const toRows = (rows: readonly unknown[]): readonly unknown[] =>
  rows.some((row) => typeof row === "string" || idOf(row) === null) ? rows.map(toRow) : rows;

function toRow(row: unknown): unknown {
  if (typeof row === "string") return { id: row };
  const id = idOf(row) === null ? (stringField(row, "model") ?? stringField(row, "name")) : null;
  return id === null || !isRecord(row) ? row : { ...row, id };
}

const idOf = (row: unknown): string | null => stringField(row, "id");

/** Field names of the context length: Groq, OpenRouter and Together, vLLM, Mistral and LM Studio, others (2026-11). */
const CONTEXT = [
  "context_window",
  "context_length",
  "max_model_len",
  "max_context_length",
  "context_size",
  "max_input_tokens",
  "inputTokenLimit",
  "top_provider.context_length",
  "meta.n_ctx",
  "meta.n_ctx_train",
  "limits.max_context_window_tokens",
  "capabilities.limits.max_context_window_tokens",
].map((path) => path.split("."));

/** Field names of the longest answer. */
const OUTPUT = [
  "max_completion_tokens",
  "max_output_tokens",
  "max_output_length",
  "outputTokenLimit",
  "top_provider.max_completion_tokens",
  "limits.max_output_tokens",
  "capabilities.limits.max_output_tokens",
].map((path) => path.split("."));

/** The context length in a row, tokens; `null` when there is none. */
export const contextTokensOf = (row: unknown): number | null => firstCount(row, CONTEXT);

/** The longest answer in a row, tokens; `null` when there is none. */
export const outputTokensOf = (row: unknown): number | null => firstCount(row, OUTPUT);

function firstCount(row: unknown, paths: readonly (readonly string[])[]): number | null {
  if (!isRecord(row)) return null;
  for (const path of paths) {
    const [first = ""] = path;
    // Most rows have none of them, and lists are long.
    if (!(first in row)) continue;
    const count = toCount(path.reduce<unknown>(fieldOf, row));
    if (count !== null) return count;
  }
  return null;
}

/** A positive integer, also as a string. */
function toCount(value: unknown): number | null {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : null;
}
