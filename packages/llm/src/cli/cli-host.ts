import type { Clock, Env } from "@babylon/llm-core";

/** Where text goes: a stream of the process, or a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What the command-line tool gets from the process. */
export interface CliHost {
  /** Without the program's own name. */
  readonly args: readonly string[];
  /** Read, never written. */
  readonly env: Env;
  /** Where `.env` and the default settings file are looked for. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C. */
  readonly abortSignal: AbortSignal;
  /** For what `doctor` compares with the vendors' clocks. */
  readonly clock: Clock;
}
