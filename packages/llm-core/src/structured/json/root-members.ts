import type { Writable } from "../../contract/writable.ts";

/** An array that may hold the elements: the root, or a member of it. Positions are relative to the first character of the root. */
export interface FoundList {
  /** The name of the member; `null`: the root itself. */
  readonly name: string | null;
  /** Whether it is the first member of the root. */
  readonly isFirst: boolean;
  /** Position of its opening bracket. */
  readonly start: number;
  /** Position after the last complete element; equals `start` while there is none. */
  readonly end: number;
  /** Whether its closing bracket is in the text. */
  readonly closed: boolean;
}

/**
 * Called for each complete member, as soon as the character after it has arrived.
 *
 * @param within - the name of the root's member that contains this member; `null`: it is a member of the root
 */
export type MemberListener = (name: string, within: string | null, start: number, end: number) => void;

/** Maximum nesting level of reported members and of list elements. */
export const NEAR_ROOT = 2;

/**
 * The members of the root, those of its members, and the arrays among them. The level of a value is the number of containers around it;
 * only levels up to {@link NEAR_ROOT} are reported here.
 */
export interface RootMembers {
  /** The names of the root's members; final after `settleNames`. */
  readonly names: readonly string[];
  /** The arrays: the root, or members of the root. */
  readonly lists: readonly FoundList[];
  /** Forgets the value. */
  begin(): void;
  /** A name was read; `source`: as it is written between its quotes. */
  name(level: number, source: string): void;
  /** The colon after a name of the root has arrived. */
  enterName(): void;
  /** A scalar was read. It is reported by `settleScalar`, with the character after it: a number may go on. */
  scalar(start: number, end: number): void;
  settleScalar(level: number, isArray: boolean): void;
  /** A container opens inside one that is an array or not. */
  open(level: number, isArray: boolean, opensArray: boolean, start: number): void;
  /** A container closes. `level`, `isArray`: of the container around it. */
  close(level: number, isArray: boolean, end: number): void;
  /** Sets `names` after each piece. */
  settleNames(): void;
}

const NO_NAMES: string[] = [];
const NO_LISTS: Writable<FoundList>[] = [];

/**
 * Creates the bookkeeping of one cursor.
 *
 * @param depth - maximum level of reported members
 */
export function createRootMembers(onMember: MemberListener | null, depth: 1 | 2): RootMembers {
  /** By level, of the current member: its name, and where its value begins if that is a container. */
  const keys = ["", "", ""];
  const starts = [0, 0, 0];
  let rootIsArray = false;
  // Shared arrays: most values have no names and no lists, and the values of a list have the same names.
  let names = NO_NAMES;
  /** The names of the previous value, which must not be changed, and how many of them this value shares; -1: `names` is its own. */
  let previous = NO_NAMES;
  let shared = 0;
  let lists = NO_LISTS;
  /** The open list, and the level of its elements. */
  let list: Writable<FoundList> | null = null;
  let listLevel = 0;
  /** Bounds of a scalar that has not been reported yet; -1: none. */
  let scalarStart = -1;
  let scalarEnd = 0;

  function report(level: number, isArray: boolean, start: number, end: number): void {
    if (list !== null && level === listLevel) list.end = end;
    else if (onMember !== null && level <= depth && !isArray && (level === 1 || !rootIsArray)) {
      onMember(keys[level] ?? "", level === 1 ? null : (keys[1] ?? ""), start, end);
    }
  }

  /** Sets `names`: the same array as that of the previous value if all names are equal, and more cannot follow or have not. */
  function settleNames(mayShare: boolean): void {
    if (shared < 0) return;
    if (mayShare && (shared === 0 || shared === previous.length)) names = shared === 0 ? NO_NAMES : previous;
    else {
      names = previous.slice(0, shared);
      shared = -1;
    }
  }

  const members: Writable<RootMembers> = {
    names,
    lists,
    begin() {
      if (names.length > 0) previous = names;
      shared = 0;
      members.names = names = NO_NAMES;
      members.lists = lists = NO_LISTS;
      list = null;
      scalarStart = -1;
    },
    name(level, source) {
      keys[level] = source.includes("\\") ? (JSON.parse(`"${source}"`) as string) : source;
    },
    enterName() {
      const name = keys[1] ?? "";
      if (shared >= 0 && previous[shared] === name) {
        shared += 1;
        return;
      }
      settleNames(false);
      names.push(name);
    },
    scalar(start, end) {
      scalarStart = start;
      scalarEnd = end;
    },
    settleScalar(level, isArray) {
      if (scalarStart < 0) return;
      const start = scalarStart;
      scalarStart = -1;
      report(level, isArray, start, scalarEnd);
    },
    open(level, isArray, opensArray, start) {
      if (level === 1) rootIsArray = isArray;
      starts[level] = start;
      if (!opensArray || level > 1 || isArray) return;
      if (lists === NO_LISTS) members.lists = lists = [];
      const name = level === 0 ? null : (keys[1] ?? "");
      list = { name, isFirst: (shared < 0 ? names.length : shared) === 1, start, end: start, closed: false };
      lists.push(list);
      listLevel = level + 1;
    },
    close(level, isArray, end) {
      if (list !== null && level + 1 === listLevel) {
        list.closed = true;
        list = null;
      }
      if (level > 0) report(level, isArray, starts[level] ?? 0, end);
    },
    settleNames() {
      settleNames(true);
      members.names = names;
    },
  };
  return members;
}
