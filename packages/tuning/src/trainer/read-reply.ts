import { isRecord } from "@babylon/llm-core";
import { TuningError } from "../contract/tuning-error.ts";

/** The text field of a reply. Throws `protocol` that names it. */
export function textField(reply: unknown, name: string, what: string): string {
  const value = isRecord(reply) ? reply[name] : undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new TuningError("protocol", `${what}: expected a text in "${name}"`);
}

/** The rows of a page. Throws `protocol`. */
export function pageRows(reply: unknown, what: string): readonly Readonly<Record<string, unknown>>[] {
  const rows = isRecord(reply) ? reply.data : undefined;
  if (Array.isArray(rows) && rows.every(isRecord)) return rows;
  throw new TuningError("protocol", `${what}: expected a list of objects in "data"`);
}

/** The first field that is a finite number; `null`: there is none. */
export function firstNumber(data: unknown, ...names: readonly string[]): number | null {
  if (!isRecord(data)) return null;
  for (const name of names) {
    const value = data[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return null;
}

/** The fields that are finite numbers. */
export function numbersOf(data: unknown): Readonly<Record<string, number>> {
  const numbers = Object.entries(isRecord(data) ? data : {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1]),
  );
  return Object.fromEntries(numbers);
}
