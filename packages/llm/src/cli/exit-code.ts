/**
 * Exit codes of the tool: success; a call or a check failed, or the chain is empty; invalid command line or values; the settings could
 * not be read or written; stopped by Ctrl-C.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, settings: 3, stopped: 130 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
