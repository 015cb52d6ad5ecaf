import type { OptionSpec } from "./command-spec.ts";

/** The options that more than one family of commands has. Equal names have equal meanings. */

const SETTINGS_OPTION: OptionSpec = {
  name: "settings",
  value: "<url>",
  help: "settings store; default BABYLON_SETTINGS_URL, else sqlite://./data/babylon.db",
};

/** How the result is printed. */
export const PRINTING_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "print JSON for programs" },
  { name: "help", short: "h", help: "print this help" },
];

/** Of all commands that read the settings. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [SETTINGS_OPTION, ...PRINTING_OPTIONS];

/** Of all commands that change something with a history. */
export const AUTHOR_OPTIONS: readonly OptionSpec[] = [
  { name: "actor", value: "<name>", help: "author of the change, for the history; default the current user" },
  { name: "reason", value: "<text>", help: "reason of the change, for the history" },
];

/** Of all commands that change the settings. */
export const WRITING_OPTIONS: readonly OptionSpec[] = [
  ...AUTHOR_OPTIONS,
  { name: "expected-version", value: "<n>", help: "fail with a conflict if another version is stored" },
];

/** Where the records of calls are. */
export const RECORDS_OPTION: OptionSpec = {
  name: "records",
  value: "<url>",
  help: "sqlite://, jsonl://, postgres://, clickhouse+https://; default BABYLON_RECORDS_URL",
};

/** Which records are read. */
export const WHERE_OPTION: OptionSpec = {
  name: "where",
  value: "<name=value,...>",
  help: "only these calls: provider, model, agent, tenant, purpose, outcome; agent= is no agent",
};

/** The start of the time span that is read. */
export const sinceOption = (standard: string): OptionSpec => ({
  name: "since",
  value: "<time>",
  help: `start, such as 24h, 7d, 4w or 2026-11-01; default ${standard}`,
});

/** Where the shared state is. */
export const STATE_OPTION: OptionSpec = {
  name: "state",
  value: "<url>",
  help: "shared state; default BABYLON_STATE_URL",
};

/** Where the rows of experiments are. */
export const EXPERIMENTS_OPTION: OptionSpec = {
  name: "experiments",
  value: "<url>",
  help: "rows of experiments; default BABYLON_EXPERIMENTS_URL",
};
