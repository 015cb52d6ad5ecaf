import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonObject } from "../../contract/json.ts";
import { readElements } from "../array/read-elements.ts";
import { readObject } from "../object/read-object.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import type { Checked } from "../schema/requested-schema.ts";
import { unWiden } from "../schema/un-widen.ts";

/** A recorded answer, what was asked for, and what is right. */
export interface CorpusCase {
  readonly name: string;
  /** As the model wrote it. */
  readonly answer: string;
  /** A name of `schemas.json`: of the object, or of one element. */
  readonly schema: string;
  readonly finishReason?: "length";
  /** Set where the elements of an array are asked for and none come; else `expected` says it. */
  readonly array?: boolean;
  /** Set where optional members had been made nullable. */
  readonly dialect?: "strict";
  /** The member that holds the value, where the dialect had asked for one. */
  readonly wrap?: string;
  readonly expected: CorpusExpectation;
}

/** What a reading should come to. */
export type CorpusExpectation =
  | { readonly object: unknown }
  | { readonly items: readonly unknown[]; readonly rejected?: number; readonly cut?: boolean }
  | { readonly fails: "truncated" | "mismatch" };

/** Whether elements are asked for. */
export const asksForElements = ({ array, expected }: CorpusCase): boolean => array === true || "items" in expected;

/** Validates with the JSON Schema alone, and changes nothing. */
export function checkWithJsonSchema(schema: JsonObject): (value: unknown) => Checked<unknown> {
  const validator = new Validator(schema as Schema, "2020-12");
  return (value) => {
    const { valid, errors } = validator.validate(value);
    if (valid) return { ok: true, value };
    return {
      ok: false,
      issues: errors.map(({ error, instanceLocation }) => ({ message: error, path: [instanceLocation] })),
    };
  };
}

/** Reads the answer of a case, in the form of its expectation. */
export async function readCase(one: CorpusCase, schema: JsonObject): Promise<CorpusExpectation> {
  const validate = checkWithJsonSchema(schema);
  const check = (value: unknown) => validate(one.dialect === "strict" ? unWiden(value, schema) : value);
  const wrap = one.wrap ?? null;
  const cutByLimit = one.finishReason === "length";
  if (asksForElements(one)) {
    const read = await readElements(one.answer, { element: expectedShape(schema), wrap, cutByLimit, check });
    if (!read.found) return { fails: cutByLimit ? "truncated" : "mismatch" };
    const items = read.checks.flatMap((checked) => (checked.ok ? [checked.value] : []));
    const rejected = read.checks.length - items.length;
    return { items, ...(rejected === 0 ? {} : { rejected }), ...(read.cut ? { cut: true } : {}) };
  }
  const read = await readObject(one.answer, { expected: expectedShape(schema), wrap, cutByLimit, check });
  if (read.type === "value") return { object: read.value };
  if (read.type === "cut" || (read.type === "none" && cutByLimit)) return { fails: "truncated" };
  return { fails: "mismatch" };
}
