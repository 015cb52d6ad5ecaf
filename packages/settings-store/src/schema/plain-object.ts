import * as v from "valibot";

/** Whether a value is an object as JSON has them: no list, no Map, no Date, no instance of a class. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // One step above the objects of any realm there is nothing.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** To stand before valibot's object schemas, which also take lists and instances. */
export const plainObjectSchema: v.GenericSchema<object, object> = v.custom<object>(isPlainObject, "expected an object");
