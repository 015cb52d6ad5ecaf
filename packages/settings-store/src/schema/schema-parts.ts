import * as v from "valibot";
import { PRINTABLE } from "./printable.ts";

/** A text without control characters. */
export function textSchema(what: string, most: number): v.GenericSchema<string, string> {
  return v.pipe(
    v.string(`expected ${what}`),
    v.minLength(1, `${what} is not empty`),
    v.maxLength(most, `${what} has at most ${most} characters`),
    v.regex(PRINTABLE, `${what} has no control characters and no invisible ones`),
  );
}

/** The id of an experiment, an arm or a layer. */
export const idSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected an id"),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "an id has letters, digits, dots, dashes and underscores"),
  v.maxLength(100, "an id has at most 100 characters"),
);

type Compact<T> = { [Key in keyof T]: Exclude<T[Key], null> };

/** Removes `null` and absent members, which mean the same. */
export function compact<T extends object>(value: T): Compact<T> {
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  // The members that remain are unchanged.
  return Object.fromEntries(members) as Compact<T>;
}
