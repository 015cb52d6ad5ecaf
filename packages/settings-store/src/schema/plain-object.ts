import * as v from "valibot";

/** Whether a value is a plain object, as in JSON: not a list, a Map, a Date or an instance of a class. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // `Object.prototype`, of any realm, has no prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Used in front of valibot's object schemas, which also accept lists and instances. */
export const plainObjectSchema: v.GenericSchema<object, object> = v.custom<object>(isPlainObject, "expected an object");
