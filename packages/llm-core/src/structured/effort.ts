import type { JsonCursor } from "./json-cursor.ts";
import { type Pace, UNPACED } from "./pace.ts";

/**
 * What may still be spent on one answer, in units of about two nanoseconds. Whatever looks at a text again takes its part here, so
 * that no text costs more than in proportion to its length.
 */
export interface Effort {
  left: number;
  /** Of how much is left when the time is looked at next. */
  nextLook: number;
  readonly pace: Pace;
}

const BASE = 1_000_000;
const PER_CHAR = 10;

/** What things cost: a character and a token read, a character scanned and repaired; an attempt at a value, a repair, an exception. */
export const COST = {
  read: 2,
  token: 10,
  scan: 6,
  repair: 16,
  attempt: 100,
  repairing: 400,
  exception: 1_500,
} as const;

/** What a cursor has read, as a cost. */
export function costOf({ end, tokens }: JsonCursor): number {
  return end * COST.read + tokens * COST.token;
}

/** The effort for an answer: a text that is almost JSON may be repaired whole up to about 160,000 characters, and in parts beyond. */
export function effortFor(text: string, pace: Pace = UNPACED): Effort {
  const left = BASE + text.length * PER_CHAR;
  return { left, nextLook: left, pace };
}

/** What may be spent without a look at the time. */
const LOOK_EVERY = 20_000;

/** Whether others are due to have a turn. Asked wherever something of a text has been read, so that none keeps them waiting. */
export function isTurnDue(effort: Effort): boolean {
  if (effort.left > effort.nextLook) return false;
  effort.nextLook = effort.left - LOOK_EVERY;
  return effort.pace.isDue();
}

/** Takes a cost from what is left; `false`, and nothing taken, when that is too little. */
export function afford(effort: Effort, cost: number): boolean {
  if (effort.left < cost) return false;
  effort.left -= cost;
  return true;
}
