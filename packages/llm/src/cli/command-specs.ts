/** An option as the help shows it and as the command line is read by. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value, such as `<id>`; absent: a switch. */
  readonly value?: string;
  readonly help: string;
}

/** What one command takes. */
export interface CommandSpec {
  /** As typed: `ask`, `settings set`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name, such as `<prompt>`. */
  readonly operands: string;
  /** How many operands: at least, at most. */
  readonly count: readonly [least: number, most: number];
  readonly options: readonly OptionSpec[];
  /** More to know, in lines; examples last. */
  readonly notes: readonly string[];
}

const JSON_OPTION: OptionSpec = { name: "json", help: "print JSON for programs" };
const HELP_OPTION: OptionSpec = { name: "help", short: "h", help: "print this" };
const SETTINGS_OPTION: OptionSpec = {
  name: "settings",
  value: "<url>",
  help: "where the settings are; default BABYLON_SETTINGS_URL, else sqlite://./data/babylon.db",
};
const COMMON = [SETTINGS_OPTION, JSON_OPTION, HELP_OPTION];

const WRITING: readonly OptionSpec[] = [
  { name: "actor", value: "<name>", help: "who does it, for the history; default the user of this machine" },
  { name: "reason", value: "<text>", help: "why, for the history" },
  {
    name: "expected-version",
    value: "<n>",
    help: "only if this version is stored; somebody else's change is a conflict then",
  },
];

const ANY = Number.POSITIVE_INFINITY;

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "status",
    summary: "the chain: who would be called, who is left out and why",
    operands: "",
    count: [0, 0],
    options: [{ name: "agent", value: "<id>", help: "as this agent's calls would go" }, ...COMMON],
    notes: [
      "Calls nobody. What a running service knows of failures is not seen here: it is that process's own.",
      "Exit code 1 when nobody is in the chain.",
    ],
  },
  {
    name: "ask",
    summary: "asks the chain, or one provider, and prints the answer",
    operands: "<prompt>",
    count: [1, ANY],
    options: [
      { name: "provider", short: "p", value: "<id>", help: "this provider or an error" },
      {
        name: "model",
        short: "m",
        value: "<id>",
        help: "this model; without --provider from the first of the chain that lists it",
      },
      { name: "stream", short: "s", help: "print the answer while it arrives; with --json one event a line" },
      { name: "system", value: "<text>", help: "instructions" },
      { name: "agent", value: "<id>", help: "with the settings of this agent" },
      { name: "timeout", value: "<seconds>", help: "for the whole call; default 300" },
      ...COMMON,
    ],
    notes: [
      "- as the prompt reads it from standard input. Who answered, and what failed before, goes to standard error.",
      "",
      '  babylon-llm ask "Name a lighthouse."',
      "  git diff | babylon-llm ask --provider groq --stream --system 'Review this.' -",
    ],
  },
  {
    name: "models",
    summary: "the models that a provider serves, or all providers with a key",
    operands: "[provider]",
    count: [0, 1],
    options: COMMON,
    notes: ["Asks the vendor. Without a key: what this package knows of it. * marks the model that the chain uses."],
  },
  {
    name: "settings get",
    summary: "the stored settings, or one of them",
    operands: "[path]",
    count: [0, 1],
    options: COMMON,
    notes: ["", "  babylon-llm settings get providers.wandb.model"],
  },
  {
    name: "settings set",
    summary: "changes them for every process that shares them",
    operands: "<path=value>...",
    count: [0, ANY],
    options: [
      { name: "patch", value: "<json>", help: "a JSON merge patch, instead of assignments" },
      ...WRITING,
      ...COMMON,
    ],
    notes: [
      "Several assignments are one change. null takes a value away. Prints the new version.",
      "",
      "  order=groq,wandb                           these first, the others after them; order=null: the code's order",
      "  providers.wandb.model=openai/gpt-oss-120b  providers.wandb.enabled=false",
      "  agents.mayor.provider=groq                 agents.mayor.model=...; agents.mayor=null: no choice of its own",
      "  agents.clerk.models.openai=gpt-6-luna      a model per provider, the order unchanged",
      "",
      '  babylon-llm settings set order=groq,wandb --actor ada --reason "W&B is slow"',
    ],
  },
  {
    name: "settings history",
    summary: "who changed what, when and why; newest first",
    operands: "",
    count: [0, 0],
    options: [{ name: "limit", value: "<n>", help: "so many changes; default 20" }, ...COMMON],
    notes: [],
  },
  {
    name: "settings rollback",
    summary: "makes a new version with the settings of an older one",
    operands: "<version>",
    count: [1, 1],
    options: [...WRITING, ...COMMON],
    notes: ["", "  babylon-llm settings rollback 4 --actor ada"],
  },
  {
    name: "doctor",
    summary: "checks keys, clock, proxy and settings, and says what to do",
    operands: "",
    count: [0, 0],
    options: [{ name: "timeout", value: "<seconds>", help: "for each check; default 20" }, ...COMMON],
    notes: [
      "One cheap call to each provider with a key: it costs a few tokens. Exit code 1 when something has to be put right.",
    ],
  },
];

/** The options of all commands by name: those with one name mean one thing. */
export const OPTIONS: ReadonlyMap<string, OptionSpec> = new Map(
  [{ name: "version", short: "v", help: "print the version" }, ...COMMANDS.flatMap(({ options }) => options)].map(
    (option) => [option.name, option],
  ),
);
