import { isRecord, type JsonObject } from "../json.ts";
import type { Dialect } from "./choose-dialect.ts";
import { unWiden } from "./un-widen.ts";
import { createValueReader, type ValueReader } from "./value-reader.ts";
import { hasWantedName, type WantedShape } from "./wanted-shape.ts";

/** Follows an object while it arrives. */
export interface ObjectWatch {
  /** A new attempt begins: what came before is void. */
  attempt(dialect: Dialect): void;
  text(piece: string): void;
}

/** A snapshot: the members that are complete so far, not validated. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** Gives the object after each member that is complete. After a failed attempt the snapshots begin anew, with an empty one. */
export function createObjectWatch(
  jsonSchema: JsonObject | null,
  wanted: WantedShape,
  onSnapshot: (snapshot: Snapshot) => void,
): ObjectWatch {
  let reader: ValueReader | null = null;
  let isEmpty = true;

  function tell(snapshot: Snapshot): void {
    isEmpty = false;
    onSnapshot(snapshot);
  }

  return {
    attempt({ wrap, widened }) {
      // What was told of an attempt that failed does not stay until the next one has a member, which may be never.
      if (!isEmpty) onSnapshot({});
      isEmpty = true;
      let members: Record<string, unknown> = {};
      const depth = wrap === null ? 1 : 2;
      reader = createValueReader(depth, {
        onValue({ path }, cursor, source) {
          const name = path.at(-1);
          const isMember = path.length === depth && typeof name === "string" && (wrap === null || path[0] === wrap);
          if (!isMember || (wrap === null && !hasWantedName(cursor.names, wanted))) return;
          members = { ...members, [name]: JSON.parse(source) };
          const snapshot = widened && jsonSchema !== null ? unWiden(members, jsonSchema) : members;
          if (isRecord(snapshot)) tell(snapshot);
        },
        onEnd() {
          members = {};
        },
        onFailure() {
          members = {};
          return false;
        },
      });
    },
    text: (piece) => reader?.write(piece),
  };
}
