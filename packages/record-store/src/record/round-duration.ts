/** A duration in milliseconds, to the microsecond: rows and sums have the same durations, and their numbers are short. */
export const roundDuration = (ms: number): number => Math.max(0, Math.round(ms * 1_000) / 1_000);
