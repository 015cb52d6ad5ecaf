import { COMMANDS, type CommandSpec, type OptionSpec } from "./command-specs.ts";
import { formatTable } from "./format-table.ts";

const usageOf = ({ name, operands }: CommandSpec): string => [name, operands].filter((part) => part !== "").join(" ");

function optionRow({ name, short, value, help }: OptionSpec): string[] {
  const shortForm = short === undefined ? "    " : `-${short}, `;
  return [`  ${shortForm}--${name}${value === undefined ? "" : ` ${value}`}`, help];
}

/** What `babylon-llm --help` prints: the commands, where keys come from, the exit codes. */
export function overview(): string {
  const lines = [
    "Calls Weights & Biases, Groq, Claude and OpenAI as one chain.",
    "",
    "Usage: babylon-llm <command> [options]",
    "",
    ...formatTable(COMMANDS.map((command) => [`  ${usageOf(command)}`, command.summary])),
    "",
    "babylon-llm <command> --help tells the options of a command. --json is taken by all of them.",
    "",
    "Keys are read from the environment, or from .env in the current directory: WANDB_API_KEY, GROQ_API_KEY,",
    "ANTHROPIC_API_KEY, OPENAI_API_KEY. Colours are for terminals; NO_COLOR=1 turns them off.",
    "",
    "Exit codes: 0 done; 1 the call or a check failed, or nobody is in the chain; 2 wrong command line;",
    "3 the settings could not be read or written; 130 stopped by Ctrl-C.",
  ];
  return lines.join("\n");
}

/** What `--help` prints for a command, or for all that begin with its name, as those of `settings` do. */
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
    `babylon-llm ${name} <command> --help tells more.`,
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
