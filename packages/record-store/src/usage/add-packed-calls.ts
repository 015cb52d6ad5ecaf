import type { UsageDimension } from "../contract/usage-query.ts";
import { PACKED_DIMENSIONS, type PackedCallsVisitor, POSITION_OF, visitPackedCalls } from "../record/pack-calls.ts";
import { addAttemptCounts, addCallCounts, addDurations, type Sums } from "../sums/sums.ts";
import type { UsagePlan } from "./plan-usage.ts";
import { KEY_SEPARATOR, type UsageTable } from "./usage-table.ts";

/** The names of one dimension that a query has met. */
interface KnownNames {
  readonly names: readonly string[];
  /** By number: 1 for a name that passes the filter. */
  readonly accepted: readonly number[];
  numberOf(name: string): number;
}

function createKnownNames(filter: ReadonlySet<string> | undefined): KnownNames {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const accepted: number[] = [];
  return {
    names,
    accepted,
    numberOf(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const number = names.push(name) - 1;
      accepted.push(filter === undefined || filter.has(name) ? 1 : 0);
      numbers.set(name, number);
      return number;
    },
  };
}

/** More names than a dimension has, so that two numbers make one. */
const MAX_NUMBERS = 2 ** 26;

/** Numbers for pairs of numbers. */
function createPairs(): { numberOf(one: number, other: number): number } {
  const numbers = new Map<number, number>();
  return {
    numberOf(one, other) {
      const pair = one * MAX_NUMBERS + other;
      const known = numbers.get(pair);
      if (known !== undefined) return known;
      numbers.set(pair, numbers.size);
      return numbers.size - 1;
    },
  };
}

/** Adds packed calls to the answer of a query. */
export interface PackedCallsAdder {
  /** Adds the calls of a quarter, which is within one period. Periods ascend. */
  add(bytes: Uint8Array, period: number): void;
}

/**
 * Creates the adder of a query. Names are looked up once for each quarter; calls are added by the numbers of their names, because a text for
 * each call would take as long as all the rest.
 */
export function createPackedCallsAdder({ by, where, ofAttempts }: UsagePlan, table: UsageTable): PackedCallsAdder {
  const known = PACKED_DIMENSIONS.map((dimension) => createKnownNames(where.get(dimension)));
  const grouped = by.map((dimension) => POSITION_OF[dimension]);
  const filtered = [...where.keys()].map((dimension) => POSITION_OF[dimension]);
  const pairs = grouped.slice(1).map(createPairs);
  /** By position and number within the quarter: the number within the query. */
  let numbers: readonly Int32Array[] = [];
  let period = -1;
  /** Of the period, by number of the group. */
  let sumsByGroup: Sums[] = [];
  /** The sums of the call, to which its attempts are added; `null`: it does not pass the filter, or attempts have sums of their own. */
  let ofCall: Sums | null = null;

  const numberAt = (position: number, ids: Int32Array): number => numbers[position]?.[ids[position] ?? 0] ?? 0;

  function passes(ids: Int32Array): boolean {
    for (let at = 0; at < filtered.length; at += 1) {
      const position = filtered[at] ?? 0;
      if (known[position]?.accepted[numberAt(position, ids)] !== 1) return false;
    }
    return true;
  }

  function sumsOf(ids: Int32Array): Sums {
    let group = grouped.length === 0 ? 0 : numberAt(grouped[0] ?? 0, ids);
    for (let at = 1; at < grouped.length; at += 1) {
      group = pairs[at - 1]?.numberOf(group, numberAt(grouped[at] ?? 0, ids)) ?? 0;
    }
    const found = sumsByGroup[group];
    if (found !== undefined) return found;
    const names = grouped.map((position) => known[position]?.names[numberAt(position, ids)] ?? "");
    const created = table.sumsOf(period, names.join(KEY_SEPARATOR));
    sumsByGroup[group] = created;
    return created;
  }

  const visitor: PackedCallsVisitor = {
    needed: new Set<UsageDimension>([...by, ...where.keys(), "outcome"]),
    begin(names) {
      numbers = names.map((ofDimension, position) =>
        Int32Array.from(ofDimension, (name) => known[position]?.numberOf(name) ?? 0),
      );
    },
    call(ids, figures) {
      ofCall = null;
      if (!passes(ids)) return;
      const outcome = known[POSITION_OF.outcome]?.names[numberAt(POSITION_OF.outcome, ids)] ?? "";
      const sums = sumsOf(ids);
      addCallCounts(sums, outcome, figures);
      if (ofAttempts) return;
      if (outcome === "success") addDurations(sums, figures);
      ofCall = sums;
    },
    attempt(ids, figures) {
      if (!ofAttempts) {
        if (ofCall !== null) addAttemptCounts(ofCall, figures);
        return;
      }
      if (!passes(ids)) return;
      const sums = sumsOf(ids);
      addAttemptCounts(sums, figures);
      if (figures.succeeded) addDurations(sums, figures);
    },
  };

  return {
    add(bytes, nextPeriod) {
      if (nextPeriod !== period) {
        period = nextPeriod;
        sumsByGroup = [];
      }
      visitPackedCalls(bytes, visitor);
    },
  };
}
