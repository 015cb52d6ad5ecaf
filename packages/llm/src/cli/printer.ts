import type { Env } from "@babylon/llm-core";
import type { CliHost } from "./cli-host.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { createStyles, type Styles, wantsColour } from "./styles.ts";

/** Prints what a command has to say: results to standard output, everything about them to standard error. */
export interface Printer {
  /** Styles for standard output and for standard error: one may be a terminal without the other. */
  readonly styles: Styles;
  readonly noteStyles: Styles;
  /** Whether somebody watches standard output. */
  readonly isTerminal: boolean;
  /** Lines of the result. */
  lines(...lines: readonly string[]): void;
  /** A piece of the result, without a line break of its own. */
  text(text: string): void;
  /** The result for programs: one object over several lines, or on one line where more follow. */
  json(value: unknown, form?: "pretty" | "line"): void;
  /** Lines for people who watch. */
  note(...lines: readonly string[]): void;
}

/** A printer that lets none of the secrets through. */
export function createPrinter({ stdout, stderr }: CliHost, env: Env, secrets: readonly string[]): Printer {
  const print = (text: string): void => void stdout.write(hideSecrets(text, secrets));
  return {
    styles: createStyles(wantsColour(stdout, env)),
    noteStyles: createStyles(wantsColour(stderr, env)),
    isTerminal: stdout.isTTY === true,
    lines(...lines) {
      for (const line of lines) print(`${line}\n`);
    },
    text: print,
    json: (value, form = "pretty") => print(`${JSON.stringify(value, null, form === "pretty" ? 2 : undefined)}\n`),
    note(...lines) {
      for (const line of lines) stderr.write(hideSecrets(`${line}\n`, secrets));
    },
  };
}
