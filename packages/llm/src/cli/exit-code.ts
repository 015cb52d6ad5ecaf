/**
 * Exit codes of the tool: done; a call or a check failed, or nobody is in the chain; wrong command line or wrong values; the settings
 * could not be read or written; stopped by Ctrl-C.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, settings: 3, stopped: 130 } as const;

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
