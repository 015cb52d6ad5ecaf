import type { Fields } from "../fields.ts";
import { optionalNumber } from "./check-fields.ts";
import type { ModelWords } from "./model-words.ts";

/** What a model takes, as far as several vendors check it alike. */
export interface CheckedModel<E extends string> {
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** What `reasoning_effort` may be; empty: no reasoning model. */
  readonly efforts: readonly E[];
}

/** The effort that is asked for, `null` where nothing is said. */
export function effortOf<E extends string>(
  fields: Fields,
  id: string,
  { efforts }: CheckedModel<E>,
  words: ModelWords,
): E | null {
  const value = fields.reasoning_effort;
  if (value === undefined || value === null) return null;
  if (efforts.length === 0) throw words.noEffort();
  const effort = efforts.find((one) => one === value);
  if (effort === undefined) throw words.otherEffort(String(value), efforts, id);
  return effort;
}

/** The limit of the answer, under its newer name or its older one. */
export function limitOf(fields: Fields, { maxOutputTokens }: CheckedModel<string>, words: ModelWords): number | null {
  const newer = optionalNumber(fields, "max_completion_tokens", { min: 1, whole: true });
  const older = optionalNumber(fields, "max_tokens", { min: 1, whole: true });
  const asked = newer ?? older;
  if (asked !== null && maxOutputTokens !== null && asked > maxOutputTokens) {
    throw words.tooManyTokens(newer === null ? "max_tokens" : "max_completion_tokens", asked, maxOutputTokens);
  }
  return asked;
}

/** Refuses parameters that say more than their neutral values do. */
export function refuseSet(fields: Fields, names: readonly string[], words: ModelWords): void {
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === 0 || value === false) continue;
    throw words.unsupported(name);
  }
}

/** Refuses a prompt that the model's context does not hold. */
export function refuseOverflow(inputTokens: number, { contextTokens }: CheckedModel<string>, words: ModelWords): void {
  if (contextTokens !== null && inputTokens > contextTokens) throw words.overflow(inputTokens, contextTokens);
}
