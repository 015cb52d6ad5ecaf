import type { Provider } from "@babylon/llm-core";
import type { Flags } from "./arguments/flags.ts";
import type { CliHost } from "./cli-host.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Printer } from "./output/printer.ts";
import type { Environment } from "./read-environment.ts";

/** The inputs of a command. */
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

/** A command: prints its result and returns the exit code. Exceptions are printed by `runCli`. */
export type Command = (context: CommandContext) => Promise<ExitCode>;
