import { isRecord } from "@babylon/llm-core";
import { fieldOf } from "../read-field.ts";

/** Where lists of models keep their rows; OpenAI and Anthropic in `data`, Ollama and Gemini in `models`. */
const ROWS = ["data", "models", "result"] as const;

/**
 * The rows of a list of models: a bare array (Together), or one in an object. `null` in its place is an empty list; a row that is only an
 * id is an object with it. `null` for anything that is no list.
 */
export function modelRows(reply: unknown): readonly unknown[] | null {
  if (Array.isArray(reply)) return reply.map(toRow);
  if (!isRecord(reply)) return null;
  const name = ROWS.find((row) => reply[row] === null || Array.isArray(reply[row]));
  if (name === undefined) return null;
  const rows = reply[name];
  return Array.isArray(rows) ? rows.map(toRow) : [];
}

const toRow = (row: unknown): unknown => (typeof row === "string" ? { id: row } : row);

/** What servers call the longest prompt and answer together: Groq, OpenRouter and Together, vLLM, Mistral and LM Studio, others (2026-11). */
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
] as const;

const OUTPUT = [
  "max_completion_tokens",
  "max_output_tokens",
  "max_output_length",
  "outputTokenLimit",
  "top_provider.max_completion_tokens",
  "limits.max_output_tokens",
  "capabilities.limits.max_output_tokens",
] as const;

/** How many tokens a model's row says that prompt and answer may have; `null`: it does not say. */
export const contextTokensOf = (row: unknown): number | null => firstCount(row, CONTEXT);

/** How many tokens a model's row says that an answer may have; `null`: it does not say. */
export const outputTokensOf = (row: unknown): number | null => firstCount(row, OUTPUT);

function firstCount(row: unknown, paths: readonly string[]): number | null {
  for (const path of paths) {
    const count = toCount(path.split(".").reduce(fieldOf, row));
    if (count !== null) return count;
  }
  return null;
}

/** A number above 0, also as text. */
function toCount(value: unknown): number | null {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : null;
}
