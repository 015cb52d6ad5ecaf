import type { ToolCallPiece } from "./from-message.ts";

/** Numbers the tool calls of one stream, from 0. */
export interface CallNumbers {
  /** Which call a piece goes on with: by the vendor's number, else by its id, else the last; a new one where it names none. */
  numberOf(piece: Pick<ToolCallPiece, "index" | "id">): { readonly number: number; readonly isNew: boolean };
  count(): number;
}

/** The latest calls under one of the vendor's numbers. */
interface SameIndex {
  latest: number;
  /** The latest that came without an id. */
  withoutId: number;
  /** Made with the second call: almost always there is one. */
  byId: Map<string, number> | null;
  readonly firstId: string | null;
}

/** No call yet. */
export function createCallNumbers(): CallNumbers {
  const byIndex = new Map<number, SameIndex>();
  const byId = new Map<string, number>();
  let count = 0;

  /** Some servers number every call 0: a new id under a known number is a new call. */
  function find(index: number | null, id: string | null): number {
    if (index === null) return id === null ? count - 1 : (byId.get(id) ?? -1);
    const same = byIndex.get(index);
    if (same === undefined) return -1;
    if (id === null) return same.latest;
    const ofId = same.byId === null ? (same.firstId === id ? same.latest : -1) : (same.byId.get(id) ?? -1);
    return Math.max(ofId, same.withoutId);
  }

  function enter(index: number | null, id: string | null): number {
    const number = count;
    count += 1;
    if (id !== null) byId.set(id, number);
    if (index === null) return number;
    const same = byIndex.get(index);
    if (same === undefined) {
      byIndex.set(index, { latest: number, withoutId: id === null ? number : -1, byId: null, firstId: id });
      return number;
    }
    same.byId ??= new Map(same.firstId === null ? [] : [[same.firstId, same.latest]]);
    if (id === null) same.withoutId = number;
    else same.byId.set(id, number);
    same.latest = number;
    return number;
  }

  return {
    numberOf({ index, id }) {
      const known = find(index, id);
      return known === -1 ? { number: enter(index, id), isNew: true } : { number: known, isNew: false };
    },
    count: () => count,
  };
}
