import { isRecord, type JsonObject } from "../contract/json.ts";
import type { Dialect } from "./choose-dialect.ts";
import { unWiden } from "./un-widen.ts";
import { createValueReader, type ValueListener, type ValueReader } from "./value-reader.ts";
import { hasWantedName, type WantedShape } from "./wanted-shape.ts";

/** Follows an object while it arrives. */
export interface ObjectWatch {
  /** A new attempt begins: what came before is void. */
  attempt(dialect: Dialect): void;
  text(piece: string): void;
}

/** A snapshot: the members that are complete so far, not validated. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** What snapshots may cost, in characters of JSON: each costs what its members come to. */
const COST = 65_536;
const COST_PER_CHAR = 8;
const COST_OF_MEMBER = 16;
/** The last snapshots of so many objects are given in any case. */
const FREE_ENDS = 8;

/**
 * Gives the object after each member that is complete; of an object with hundreds of members, or with a few that are large, after
 * some of them and after the last. After a failed attempt the snapshots begin anew, with an empty one.
 */
export function createObjectWatch(
  jsonSchema: JsonObject | null,
  wanted: WantedShape,
  onSnapshot: (snapshot: Snapshot) => void,
): ObjectWatch {
  let reader: ValueReader | null = null;
  let isEmpty = true;

  return {
    attempt({ wrap, widened }) {
      // What was given of an attempt that failed does not stay until the next one has a member, which may be never.
      if (!isEmpty) onSnapshot({});
      isEmpty = true;
      const members = new Map<string, unknown>();
      let hasWanted = wrap !== null;
      /** Of the JSON of all members. */
      let size = 0;
      let costLeft = COST;
      let isTold = true;
      let freeEnds = FREE_ENDS;

      function tell(): void {
        const copy = Object.fromEntries(members);
        const snapshot = widened && jsonSchema !== null ? unWiden(copy, jsonSchema) : copy;
        if (!isRecord(snapshot)) return;
        isEmpty = false;
        onSnapshot(snapshot);
      }
      function startAnew(): void {
        members.clear();
        hasWanted = wrap !== null;
        size = 0;
        isTold = true;
      }

      const listener: ValueListener = {
        onMember(name, within, start, end, sourceOf) {
          if (within !== wrap) return;
          hasWanted ||= hasWantedName([name], wanted);
          if (!hasWanted) return;
          members.set(name, JSON.parse(sourceOf(start, end)));
          size += end - start;
          costLeft += (end - start) * COST_PER_CHAR;
          const cost = members.size * COST_OF_MEMBER + (widened ? size : 0);
          isTold = cost <= costLeft;
          if (!isTold) return;
          costLeft -= cost;
          tell();
        },
        onEnd() {
          if (!isTold && freeEnds > 0) {
            freeEnds -= 1;
            tell();
          }
          startAnew();
          // A stream of one object after another is not what was asked for.
          return false;
        },
        onFailure() {
          startAnew();
          return false;
        },
      };
      reader = createValueReader(listener, wrap === null ? 1 : 2);
    },
    text: (piece) => reader?.write(piece),
  };
}
