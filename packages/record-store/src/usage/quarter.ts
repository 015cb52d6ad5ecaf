/** The period of the finest sums, milliseconds. Days begin at a multiple of it in all time zones in use. */
export const QUARTER_MS = 900_000;
/** Quarters in an hour. */
export const QUARTERS_PER_HOUR = 4;
