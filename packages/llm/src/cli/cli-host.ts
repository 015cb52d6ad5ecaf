import type { Clock, Env } from "@babylon/llm-core";

/** An output stream: of the process or of a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** The environment of the command-line tool: arguments, variables, streams. */
export interface CliHost {
  /** Without the program name. */
  readonly args: readonly string[];
  /** Read, never written. */
  readonly env: Env;
  /** The directory of `.env` and of the default settings file. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C. */
  readonly abortSignal: AbortSignal;
  /** `doctor` compares it with the vendors' clocks. */
  readonly clock: Clock;
}
