/**
 * The mutable form of a read-only interface, for the code that owns the object. Used instead of getters in an object literal: in V8 each
 * literal with getters gets its own hidden class, and a minor garbage collection retains it with everything its closures reference
 * (Node 24).
 */
export type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
