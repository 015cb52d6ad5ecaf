import type { Fields } from "../fields.ts";
import { optionalNumber } from "./check-fields.ts";
import type { ModelWords } from "./model-words.ts";

/** The rules of a model that several vendors check alike. */
export interface CheckedModel<E extends string> {
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** The values of `reasoning_effort`; empty: not a reasoning model. */
  readonly efforts: readonly E[];
}

/** The requested effort; `null` if none is requested. */
export function effortOf<E extends string>(
  fields: Fields,
  id: string,
  { efforts }: CheckedModel<E>,
  words: ModelWords,
): E | null {
  const value = fields.reasoning_effort;
  if (value === undefined || value === null) return null;
  if (efforts.length === 0) throw words.noEffort();
  const effort = efforts.find((known) => known === value);
  if (effort === undefined) throw words.otherEffort(String(value), efforts, id);
  return effort;
}

/** The requested output limit, from its newer or its older field. */
export function limitOf(fields: Fields, { maxOutputTokens }: CheckedModel<string>, words: ModelWords): number | null {
  const newer = optionalNumber(fields, "max_completion_tokens", { min: 1, whole: true });
  const older = optionalNumber(fields, "max_tokens", { min: 1, whole: true });
  const requested = newer ?? older;
  if (requested !== null && maxOutputTokens !== null && requested > maxOutputTokens) {
    throw words.tooManyTokens(newer === null ? "max_tokens" : "max_completion_tokens", requested, maxOutputTokens);
  }
  return requested;
}

/** Refuses parameters with a value other than the neutral one. */
export function refuseSet(fields: Fields, names: readonly string[], words: ModelWords): void {
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === 0 || value === false) continue;
    throw words.unsupported(name);
  }
}

/** Refuses a prompt that exceeds the model's context. */
export function refuseOverflow(inputTokens: number, { contextTokens }: CheckedModel<string>, words: ModelWords): void {
  if (contextTokens !== null && inputTokens > contextTokens) throw words.overflow(inputTokens, contextTokens);
}
