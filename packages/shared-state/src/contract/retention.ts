/** How long the sums of a window are kept after its end, so that late settles still have it. */
export const KEEP_ENDED_WINDOW_MS: number = 2 * 86_400_000;

/** How long a reservation whose lease ended can still be settled. */
export const KEEP_EXPIRED_MS: number = 86_400_000;

/** How long a settled id is remembered, so that a second settle changes nothing. */
export const KEEP_SETTLED_MS: number = 2 * 3_600_000;

/** The same of an id that was never reserved: it comes from a journal, and may be sent again by another process. */
export const KEEP_JOURNALED_MS: number = 2 * 86_400_000;
