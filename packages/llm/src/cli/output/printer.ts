import type { Env } from "@babylon/llm-core";
import type { CliHost } from "../cli-host.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { createStyles, type Styles, wantsColour } from "./styles.ts";

/** The output of a command: results go to standard output, notes to standard error. */
export interface Printer {
  /** Styles for standard output and for standard error: one may be a terminal without the other. */
  readonly styles: Styles;
  readonly noteStyles: Styles;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Lines of the result. */
  lines(...lines: readonly string[]): void;
  /** A part of the result, without an added line break. */
  text(text: string): void;
  /** The result as JSON: indented, or on one line if more lines follow. */
  json(value: unknown, form?: "pretty" | "line"): void;
  /** Lines on standard error. */
  note(...lines: readonly string[]): void;
}

/** Creates a printer that redacts the secrets. */
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
