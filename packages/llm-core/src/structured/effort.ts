import type { JsonCursor } from "./json/json-cursor.ts";
import { NO_SLICING, type TimeSlicer } from "./time-slicer.ts";

/**
 * The computing budget for one answer, in units of about two nanoseconds. All repeated reading of a text is charged here, so that the total
 * cost is linear in its length.
 */
export interface Effort {
  remaining: number;
  /** The value of `remaining` below which the time is checked again. */
  nextTimeCheck: number;
  readonly slicer: TimeSlicer;
}

const BASE = 1_000_000;
const PER_CHAR = 10;

/** Costs: per character and token read, per character scanned and repaired; per attempt at a value, per repair, per exception. */
export const EFFORT = {
  read: 2,
  token: 10,
  scan: 6,
  repair: 16,
  attempt: 100,
  repairing: 400,
  exception: 1_500,
} as const;

/** The cost of what a cursor has read. */
export function readEffort({ end, tokens }: JsonCursor): number {
  return end * EFFORT.read + tokens * EFFORT.token;
}

/** The budget for an answer: a malformed text of up to about 160,000 characters may be repaired as a whole, a longer one in parts. */
export function effortFor(text: string, slicer: TimeSlicer = NO_SLICING): Effort {
  const remaining = BASE + text.length * PER_CHAR;
  return { remaining, nextTimeCheck: remaining, slicer };
}

/** Effort between two checks of the time. */
const TIME_CHECK_INTERVAL = 20_000;

/** Whether the time slice is over. To be called after each piece of work, so that other calls do not wait long. */
export function isPauseDue(effort: Effort): boolean {
  if (effort.remaining > effort.nextTimeCheck) return false;
  effort.nextTimeCheck = effort.remaining - TIME_CHECK_INTERVAL;
  return effort.slicer.isSliceOver();
}

/** Charges a cost; `false`, without charging, if too little remains. */
export function afford(effort: Effort, cost: number): boolean {
  if (effort.remaining < cost) return false;
  effort.remaining -= cost;
  return true;
}
