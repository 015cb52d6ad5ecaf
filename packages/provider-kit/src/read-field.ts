import { isHeavyJSON, isRecord } from "@babylon/llm-core";
import { parseExactJSON } from "./wire/exact-json.ts";

/** A field of a vendor's JSON; `undefined` if the value is not an object or lacks the field. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** A field that is a non-empty string. */
export function stringField(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === "string" && field !== "" ? field : null;
}

/** A field that is a finite number. */
export function numberField(value: unknown, name: string): number | null {
  const field = fieldOf(value, name);
  return typeof field === "number" && Number.isFinite(field) ? field : null;
}

/** The field `index` as a whole number from 0, which some gateways send as a string; `null` if it is absent or anything else. */
export function indexField(value: unknown): number | null {
  const text = stringField(value, "index");
  const index = text === null ? numberField(value, "index") : Number(text);
  return index !== null && Number.isInteger(index) && index >= 0 ? index : null;
}

const NONE: readonly unknown[] = Object.freeze([]);

/** A field that is an array; otherwise an empty array. */
export function arrayField(value: unknown, name: string): readonly unknown[] {
  const field = fieldOf(value, name);
  return Array.isArray(field) ? field : NONE;
}

/** Parses a JSON text; `undefined` if it is not JSON, or has so many values that they would need far more memory than the text. */
export function parseJSON(text: string): unknown {
  try {
    return isHeavyJSON(text) ? undefined : parseExactJSON(text);
  } catch {
    return undefined;
  }
}
