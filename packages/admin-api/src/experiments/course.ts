const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ago earlier looks are: close to each other at the end, where it is decided. */
const AGES_MS = [56, 28, 14, 10, 7, 5, 3, 2, 1]
  .map((days) => days * DAY_MS)
  .concat([12, 6, 3, 1, 0].map((hours) => hours * HOUR_MS));

/** The moments of the looks that a page shows, epoch milliseconds, the earliest first. The last one sees what has happened until now. */
export const lookTimes = (now: number): readonly number[] => AGES_MS.map((ageMs) => now - ageMs + 1);
