import { COMMANDS } from "../commands.ts";
import { formatTable } from "../output/format-table.ts";
import type { CommandSpec, OptionSpec } from "./command-spec.ts";

const usageOf = ({ name, operands }: CommandSpec): string => [name, operands].filter((part) => part !== "").join(" ");

function optionRow({ name, short, value, help }: OptionSpec): string[] {
  const shortForm = short === undefined ? "    " : `-${short}, `;
  return [`  ${shortForm}--${name}${value === undefined ? "" : ` ${value}`}`, help];
}

/** The output of `babylon-llm --help`: commands, keys, exit codes. */
export function overview(): string {
  const lines = [
    "Calls Weights & Biases, Groq, Claude and OpenAI as one chain.",
    "",
    "Usage: babylon-llm <command> [options]",
    "",
    ...formatTable(COMMANDS.map((command) => [`  ${usageOf(command)}`, command.summary])),
    "",
    "babylon-llm <command> --help lists the options of a command. All commands support --json.",
    "",
    "Keys are read from the environment, or from .env in the current directory: WANDB_API_KEY, GROQ_API_KEY,",
    "ANTHROPIC_API_KEY, OPENAI_API_KEY. Output is coloured on terminals only; NO_COLOR=1 disables colours.",
    "",
    "Exit codes: 0 success; 1 the call or a check failed, or the chain is empty; 2 invalid command line;",
    "3 the settings could not be read or written; 130 stopped by Ctrl-C.",
  ];
  return lines.join("\n");
}

/** The output of `--help` for a command, or for a group of commands such as `settings`. */
export function helpOf(name: string): string {
  const exact = COMMANDS.find((command) => command.name === name);
  if (exact !== undefined) return commandHelp(exact);
  const group = COMMANDS.filter((command) => command.name.startsWith(`${name} `));
  if (group.length === 0) return overview();
  return [
    `Usage: babylon-llm ${name} <command> [options]`,
    "",
    ...formatTable(group.map((command) => [`  ${usageOf(command)}`, command.summary])),
    "",
    `babylon-llm ${name} <command> --help lists the options of a command.`,
  ].join("\n");
}

function commandHelp(command: CommandSpec): string {
  const { summary, options, notes } = command;
  return [
    `babylon-llm ${command.name}: ${summary}`,
    "",
    `Usage: babylon-llm ${usageOf(command)} [options]`,
    "",
    ...formatTable(options.map(optionRow)),
    ...(notes.length > 0 && notes[0] !== "" ? [""] : []),
    ...notes,
  ].join("\n");
}
