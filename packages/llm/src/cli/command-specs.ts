import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { experimentsSpecs } from "./experiments-specs.ts";
import { tuningSpecs } from "./tuning-specs.ts";

const JSON_OPTION: OptionSpec = { name: "json", help: "print JSON for programs" };
const HELP_OPTION: OptionSpec = { name: "help", short: "h", help: "print this help" };
const SETTINGS_OPTION: OptionSpec = {
  name: "settings",
  value: "<url>",
  help: "settings store; default BABYLON_SETTINGS_URL, else sqlite://./data/babylon.db",
};
const COMMON = [SETTINGS_OPTION, JSON_OPTION, HELP_OPTION];

const AUTHOR: readonly OptionSpec[] = [
  { name: "actor", value: "<name>", help: "author of the change, for the history; default the current user" },
  { name: "reason", value: "<text>", help: "reason of the change, for the history" },
];

const WRITING: readonly OptionSpec[] = [
  ...AUTHOR,
  { name: "expected-version", value: "<n>", help: "fail with a conflict if another version is stored" },
];

const RECORDS_OPTION: OptionSpec = {
  name: "records",
  value: "<url>",
  help: "sqlite://, jsonl://, postgres://, clickhouse+https://; default BABYLON_RECORDS_URL",
};
const STATE_OPTION: OptionSpec = {
  name: "state",
  value: "<url>",
  help: "shared state; default BABYLON_STATE_URL",
};
const SINCE = "such as 24h, 7d, 4w or 2026-11-01";
const WHERE_OPTION: OptionSpec = {
  name: "where",
  value: "<name=value,...>",
  help: "only these calls: provider, model, agent, tenant, purpose, outcome",
};

const ANY = Number.POSITIVE_INFINITY;

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "status",
    summary: "shows the chain, and the skipped providers with reasons",
    operands: "",
    count: [0, 0],
    options: [{ name: "agent", value: "<id>", help: "the chain of this agent's calls" }, ...COMMON],
    notes: [
      "Sends no request. Failures seen by a running service are not shown: they are in the memory of that process.",
      "Exit code 1 if the chain is empty.",
    ],
  },
  {
    name: "ask",
    summary: "sends a prompt to the chain, or to one provider, and prints the answer",
    operands: "<prompt>",
    count: [1, ANY],
    options: [
      { name: "provider", short: "p", value: "<id>", help: "use only this provider, without fallback" },
      {
        name: "model",
        short: "m",
        value: "<id>",
        help: "model; without --provider from the first provider of the chain that lists it",
      },
      { name: "stream", short: "s", help: "print the answer while it arrives; with --json one event per line" },
      { name: "system", value: "<text>", help: "system prompt" },
      { name: "agent", value: "<id>", help: "use the settings of this agent" },
      { name: "timeout", value: "<seconds>", help: "limit for the whole call; default 300" },
      ...COMMON,
    ],
    notes: [
      "The prompt - reads standard input. Provider, model and failed attempts are printed to standard error.",
      "",
      '  babylon-llm ask "Name a lighthouse."',
      "  git diff | babylon-llm ask --provider groq --stream --system 'Review this.' -",
    ],
  },
  {
    name: "models",
    summary: "lists the models of a provider, or of all providers with a key",
    operands: "[provider]",
    count: [0, 1],
    options: COMMON,
    notes: [
      "Requests the vendor's list; without a key, prints the built-in list. * marks the model that the chain uses.",
    ],
  },
  {
    name: "settings get",
    summary: "prints the stored settings, or one value",
    operands: "[path]",
    count: [0, 1],
    options: COMMON,
    notes: ["", "  babylon-llm settings get providers.wandb.model"],
  },
  {
    name: "settings set",
    summary: "changes the settings for every process that shares them",
    operands: "<path=value>...",
    count: [0, ANY],
    options: [
      { name: "patch", value: "<json>", help: "a JSON merge patch, instead of assignments" },
      ...WRITING,
      ...COMMON,
    ],
    notes: [
      "Several assignments are one change. null removes a value. Prints the new version.",
      "",
      "  order=groq,wandb                           these first, then the others; order=null: the default order",
      "  providers.wandb.model=openai/gpt-oss-120b  providers.wandb.enabled=false",
      "  agents.mayor.provider=groq                 agents.mayor.model=...; agents.mayor=null: no override",
      "  agents.clerk.models.openai=gpt-6-luna      a model per provider, the order unchanged",
      "  budgets=[...]                              a JSON list of budget rules; budgets=null: none",
      "",
      '  babylon-llm settings set order=groq,wandb --actor ada --reason "W&B is slow"',
    ],
  },
  {
    name: "settings history",
    summary: "lists the changes, newest first",
    operands: "",
    count: [0, 0],
    options: [{ name: "limit", value: "<n>", help: "number of changes; default 20" }, ...COMMON],
    notes: [],
  },
  {
    name: "settings rollback",
    summary: "stores the settings of an older version as a new one",
    operands: "<version>",
    count: [1, 1],
    options: [...WRITING, ...COMMON],
    notes: ["", "  babylon-llm settings rollback 4 --actor ada"],
  },
  {
    name: "usage",
    summary: "prints calls, tokens, cost and latency from the records",
    operands: "",
    count: [0, 0],
    options: [
      { name: "by", value: "<names>", help: "groups: provider, model, agent, tenant, purpose, outcome" },
      { name: "since", value: "<time>", help: `start, ${SINCE}; default 7d` },
      { name: "bucket", value: "<period>", help: "a row for each hour, day or month; default all" },
      { name: "zone", value: "<zone>", help: "time zone of hours, days and months; default this machine's" },
      { name: "top", value: "<n>", help: "the groups with the highest cost; the others as (other)" },
      WHERE_OPTION,
      { name: "csv", help: "print CSV, costs in billionths of a US dollar" },
      RECORDS_OPTION,
      JSON_OPTION,
      HELP_OPTION,
    ],
    notes: [
      "What no provider reported is not in the sums; the number of such attempts is printed below.",
      "",
      "  babylon-llm usage --by model --since 7d --csv",
      "  babylon-llm usage --bucket day --zone Europe/Berlin --where tenant=acme",
    ],
  },
  {
    name: "calls",
    summary: "prints the log of calls from the records",
    operands: "",
    count: [0, 0],
    options: [
      { name: "failed", help: "only calls that failed or were interrupted" },
      { name: "follow", short: "f", help: "print new calls until Ctrl-C" },
      { name: "limit", value: "<n>", help: "number of calls; default 20" },
      { name: "since", value: "<time>", help: `start, ${SINCE}; default 30d` },
      WHERE_OPTION,
      RECORDS_OPTION,
      JSON_OPTION,
      HELP_OPTION,
    ],
    notes: ["", "  babylon-llm calls --failed --follow"],
  },
  {
    name: "call",
    summary: "prints one call with its attempts",
    operands: "<id>",
    count: [1, 1],
    options: [
      { name: "content", help: "also the prompt and the answer, if they were recorded" },
      RECORDS_OPTION,
      JSON_OPTION,
      HELP_OPTION,
    ],
    notes: [],
  },
  // Before `budget`, which its name begins with.
  {
    name: "budget write-off",
    summary: "removes presumed amounts from a budget, after the bill was checked",
    operands: "<budget> [scope=value]...",
    count: [1, 6],
    options: [
      { name: "amount", value: "<amount>", help: "US dollars or tokens; default all that is presumed" },
      ...AUTHOR,
      STATE_OPTION,
      ...COMMON,
    ],
    notes: ["", '  babylon-llm budget write-off tenant-day tenant=acme --amount 0.25 --reason "not on the bill"'],
  },
  {
    name: "budget write-offs",
    summary: "lists what was written off: who, when, how much, of which window",
    operands: "",
    count: [0, 0],
    options: [{ name: "limit", value: "<n>", help: "number of write-offs; default 20" }, STATE_OPTION, ...COMMON],
    notes: [],
  },
  {
    name: "budget",
    summary: "prints what budgets have spent, hold and have left",
    operands: "",
    count: [0, 0],
    options: [STATE_OPTION, ...COMMON],
    notes: [
      "Presumed: may have been billed, no provider has said. Held: reserved for attempts under way.",
      "Budgets are changed with settings set budgets=<json>. Of those in the code of a service, the limit is as it last had it.",
      "Exit code 1 if the shared state does not answer.",
    ],
  },
  ...experimentsSpecs({ common: COMMON, writing: WRITING, plain: [JSON_OPTION, HELP_OPTION] }),
  ...tuningSpecs({
    common: COMMON,
    writing: WRITING,
    plain: [JSON_OPTION, HELP_OPTION],
    records: [{ name: "since", value: "<time>", help: `start, ${SINCE}; default 365d` }, WHERE_OPTION, RECORDS_OPTION],
  }),
  {
    name: "doctor",
    summary: "checks keys, clock, proxy and settings, and prints fixes",
    operands: "",
    count: [0, 0],
    options: [{ name: "timeout", value: "<seconds>", help: "limit for each check; default 20" }, ...COMMON],
    notes: ["Makes one call of a few tokens to each provider with a key. Exit code 1 if a check fails."],
  },
];

/** The options of all commands by name. Equal names have equal meanings. */
export const OPTIONS: ReadonlyMap<string, OptionSpec> = new Map(
  [{ name: "version", short: "v", help: "print the version" }, ...COMMANDS.flatMap(({ options }) => options)].map(
    (option) => [option.name, option],
  ),
);
