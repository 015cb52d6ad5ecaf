import type { Env } from "@babylon/llm-core";

/** An output stream: of the process or of a test. */
export interface TickOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The environment of the command: arguments, variables, streams. */
export interface CommandHost {
  /** Without the program name. */
  readonly args: readonly string[];
  readonly env: Env;
  readonly cwd: string;
  readonly stdout: TickOutput;
  readonly stderr: TickOutput;
  /** The directory for the results of ticks. */
  readonly outputDirectory: string;
  /** The default URL of the settings, if neither a flag nor `BABYLON_SETTINGS_URL` is set. */
  readonly settingsUrl: string;
  /** The default URL of the records, if neither a flag nor `BABYLON_RECORDS_URL` is set; `null`: none. */
  readonly recordsUrl: string | null;
  /** Aborted by Ctrl-C. */
  readonly abortSignal: AbortSignal;
}

/** Exit codes: all calls served, a call lost, invalid options or setup, stopped by Ctrl-C. */
export const TICK_EXIT = { whole: 0, lost: 1, refused: 2, stopped: 130 } as const;
