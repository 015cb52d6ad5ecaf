/**
 * A value as its maker sees it, whose fields others only read. In place of getters in a literal: such a literal is a shape of its own for
 * V8 each time it is made, and a minor collection keeps it with all that its functions hold (Node 24).
 */
export type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
