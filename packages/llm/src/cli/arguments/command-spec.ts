import type { Command } from "../command-context.ts";

/** An option, for the help text and the parser. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** The placeholder of the value, such as `<id>`; absent: a switch. */
  readonly value?: string;
  readonly help: string;
}

/** One command: its arguments, its help and what it does. */
export interface CommandSpec {
  /** As typed: `ask`, `settings set`. */
  readonly name: string;
  readonly summary: string;
  /** The operands after the name, such as `<prompt>`. */
  readonly operands: string;
  /** Minimum and maximum number of operands. */
  readonly count: readonly [least: number, most: number];
  readonly options: readonly OptionSpec[];
  /** Notes, one per line; examples last. */
  readonly notes: readonly string[];
  readonly run: Command;
}
