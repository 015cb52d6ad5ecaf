import { dayOf, parseDay } from "./table/day-number.ts";
import { CHECKED_AT } from "./table/price-table.ts";

/** The day on which the price list was last compared with its sources, `YYYY-MM-DD`. */
export const pricesCheckedAt: string = CHECKED_AT;

const MAX_AGE_DAYS = 45;

/**
 * A warning for a price list that has not been checked for more than 45 days; `null` for a younger one.
 *
 * @param nowEpochMs - such as `Date.now()`
 * @param checkedAt - default {@link pricesCheckedAt}
 */
export function pricesWarning(nowEpochMs: number, checkedAt: string = pricesCheckedAt): string | null {
  const days = dayOf(nowEpochMs) - (parseDay(checkedAt) ?? Number.NEGATIVE_INFINITY);
  if (days <= MAX_AGE_DAYS) return null;
  return `the price list was checked on ${checkedAt}, more than ${MAX_AGE_DAYS} days ago: update @babylon/prices`;
}
