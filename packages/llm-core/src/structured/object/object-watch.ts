import { isRecord, type JsonObject } from "../../contract/json.ts";
import { createValueReader, type ValueListener, type ValueReader } from "../json/value-reader.ts";
import type { Dialect } from "../request/choose-dialect.ts";
import { type ExpectedShape, hasExpectedName } from "../schema/expected-shape.ts";
import { unWiden } from "../schema/un-widen.ts";

/** Emits snapshots of an object while it arrives. */
export interface ObjectWatch {
  /** Starts a new attempt: earlier text is void. */
  attempt(dialect: Dialect): void;
  text(piece: string): void;
}

/** The members of an object that are complete so far, not validated. */
export type ObjectSnapshot = Readonly<Record<string, unknown>>;

/** Budget for snapshots, in characters of JSON, because each one copies all members. */
const SNAPSHOT_BUDGET_CHARS = 65_536;
const BUDGET_PER_CHAR = 8;
const COST_PER_MEMBER = 16;
/** The final snapshot is emitted regardless of the budget for this many objects. */
const GUARANTEED_FINAL_SNAPSHOTS = 8;

/**
 * Emits the object after each complete member. For objects with hundreds of members or a few large ones, emits after some members and after
 * the last. After a failed attempt, the snapshots start again with an empty one.
 */
export function createObjectWatch(
  jsonSchema: JsonObject | null,
  expected: ExpectedShape,
  onSnapshot: (snapshot: ObjectSnapshot) => void,
): ObjectWatch {
  let reader: ValueReader | null = null;
  let isEmpty = true;

  return {
    attempt({ wrap, widened }) {
      // Clears the snapshot of a failed attempt immediately: the next one may have no member.
      if (!isEmpty) onSnapshot({});
      isEmpty = true;
      const members = new Map<string, unknown>();
      let hasExpected = wrap !== null;
      /** Characters of JSON of all members. */
      let size = 0;
      let costLeft = SNAPSHOT_BUDGET_CHARS;
      let isEmitted = true;
      let finalSnapshotsLeft = GUARANTEED_FINAL_SNAPSHOTS;

      function emit(): void {
        const copy = Object.fromEntries(members);
        const snapshot = widened && jsonSchema !== null ? unWiden(copy, jsonSchema) : copy;
        if (!isRecord(snapshot)) return;
        isEmpty = false;
        onSnapshot(snapshot);
      }
      function reset(): void {
        members.clear();
        hasExpected = wrap !== null;
        size = 0;
        isEmitted = true;
      }

      const listener: ValueListener = {
        onMember(name, within, start, end, sourceOf) {
          if (within !== wrap) return;
          hasExpected ||= hasExpectedName([name], expected);
          if (!hasExpected) return;
          members.set(name, JSON.parse(sourceOf(start, end)));
          size += end - start;
          costLeft += (end - start) * BUDGET_PER_CHAR;
          const cost = members.size * COST_PER_MEMBER + (widened ? size : 0);
          isEmitted = cost <= costLeft;
          if (!isEmitted) return;
          costLeft -= cost;
          emit();
        },
        onEnd() {
          if (!isEmitted && finalSnapshotsLeft > 0) {
            finalSnapshotsLeft -= 1;
            emit();
          }
          reset();
          // Another object after this one was not requested.
          return false;
        },
        onFailure() {
          reset();
          return false;
        },
      };
      reader = createValueReader(listener, wrap === null ? 1 : 2);
    },
    text: (piece) => reader?.write(piece),
  };
}
