import type { Provider } from "@babylon/llm-core";
import type { CliHost } from "./cli-host.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Flags } from "./parse-command-line.ts";
import type { Printer } from "./printer.ts";
import type { Environment } from "./read-environment.ts";

/** What a command works with. */
export interface CommandContext {
  readonly host: CliHost;
  readonly environment: Environment;
  readonly providers: readonly Provider[];
  readonly operands: readonly string[];
  readonly flags: Flags;
  /** Print JSON. */
  readonly json: boolean;
  readonly print: Printer;
}

/** A command: prints what it found out and says how it went. What it throws is told to the user. */
export type Command = (context: CommandContext) => Promise<ExitCode>;
