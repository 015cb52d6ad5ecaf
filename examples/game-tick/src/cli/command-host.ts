import type { Env } from "@babylon/llm-core";

/** Where lines go: a stream of the process, or a test's. */
export interface TickOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command gets from the process. */
export interface CommandHost {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly env: Env;
  readonly cwd: string;
  readonly stdout: TickOutput;
  readonly stderr: TickOutput;
  /** Where the products of ticks go. */
  readonly outputDirectory: string;
  /** Where the settings are stored, unless a flag or `BABYLON_SETTINGS_URL` says otherwise. */
  readonly settingsUrl: string;
  /** Aborted by Ctrl-C. */
  readonly abortSignal: AbortSignal;
}

/** Nothing lost, something lost, wrong options or surroundings, stopped by Ctrl-C. */
export const TICK_EXIT = { whole: 0, lost: 1, refused: 2, stopped: 130 } as const;
