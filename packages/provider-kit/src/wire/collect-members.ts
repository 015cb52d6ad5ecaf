import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";
import { isExactNumber } from "./exact-json.ts";

type Members = Record<string, JsonValue>;

/** The members of one object that is merged from several. */
export interface CollectedMembers {
  /** Grows with each added object, in place: a copy for each one would make the time quadratic. */
  readonly members: JsonObject;
  /** Adds an object: objects in it are merged member by member, everything else is replaced. Does not change the added object. */
  add(piece: JsonObject): void;
}

/** Creates a collection with the members of an object, which is not changed. Default: empty. */
export function collectMembers(first: JsonObject = {}): CollectedMembers {
  const members: Members = { ...first };
  /** The nested objects that may be changed because they are copies. */
  const copies = new WeakMap<JsonObject, Members>();

  function copyAt(target: Members, name: string, present: JsonObject): Members {
    const known = copies.get(present);
    if (known !== undefined) return known;
    const copy: Members = { ...present };
    copies.set(copy, copy);
    setMember(target, name, copy);
    return copy;
  }

  return {
    members,
    add(piece) {
      // A list instead of recursion: objects may be nested deeper than the call stack.
      const open: (readonly [Members, JsonObject])[] = [[members, piece]];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const [target, added] = next;
        for (const [name, value] of Object.entries(added)) {
          const present = Object.hasOwn(target, name) ? target[name] : undefined;
          if (isJSONObject(present) && isJSONObject(value)) open.push([copyAt(target, name, present), value]);
          else setMember(target, name, value);
        }
      }
    },
  };
}

/** Sets an own member. Assigning one named `__proto__` would set the prototype instead. */
export function setMember(target: Members, name: string, value: JsonValue): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

const isJSONObject = (value: JsonValue | undefined): value is JsonObject => isRecord(value) && !isExactNumber(value);
