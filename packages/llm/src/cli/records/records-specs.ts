import type { CommandSpec } from "../arguments/command-spec.ts";
import { PRINTING_OPTIONS, RECORDS_OPTION, sinceOption, WHERE_OPTION } from "../arguments/shared-options.ts";
import { callCommand } from "./call-command.ts";
import { callsCommand } from "./calls-command.ts";
import { usageCommand } from "./usage-command.ts";

/** The commands that read the records of calls. */
export const recordsSpecs: readonly CommandSpec[] = [
  {
    name: "usage",
    summary: "prints calls, tokens, cost and latency from the records",
    operands: "",
    count: [0, 0],
    options: [
      { name: "by", value: "<names>", help: "groups: provider, model, agent, tenant, purpose, outcome" },
      sinceOption("7d"),
      { name: "bucket", value: "<period>", help: "a row for each hour, day or month; default all" },
      { name: "zone", value: "<zone>", help: "time zone of hours, days and months; default this machine's" },
      { name: "top", value: "<n>", help: "the groups with the highest cost; the others as (other)" },
      WHERE_OPTION,
      { name: "csv", help: "print CSV, with all figures; costs in US dollars" },
      RECORDS_OPTION,
      ...PRINTING_OPTIONS,
    ],
    notes: [
      "input and output are tokens. By provider or model, tokens, cost and times are those of the attempts there.",
      "rescued: calls that were served after a failed attempt. A sum that lacks what is not known ends in + ?.",
      "",
      "  babylon-llm usage --by model --since 7d --csv",
      "  babylon-llm usage --bucket day --zone Europe/Berlin --where tenant=acme",
    ],
    run: usageCommand,
  },
  {
    name: "calls",
    summary: "prints the log of calls from the records",
    operands: "",
    count: [0, 0],
    options: [
      { name: "failed", help: "only calls that failed or were interrupted" },
      { name: "follow", short: "f", help: "print new calls until Ctrl-C" },
      { name: "limit", value: "<n>", help: "number of calls, at most 1000; default 20" },
      sinceOption("30d"),
      WHERE_OPTION,
      RECORDS_OPTION,
      ...PRINTING_OPTIONS,
    ],
    notes: [
      "A line is a call, the newest last. Tokens are those of input + output; a ? is a number that is not known.",
      "",
      "  babylon-llm calls --failed --follow",
      "  babylon-llm calls --where agent=mayor,outcome=aborted --limit 50",
    ],
    run: callsCommand,
  },
  {
    name: "call",
    summary: "prints one call with its attempts",
    operands: "<id>",
    count: [1, 1],
    options: [
      { name: "content", help: "also the prompt and the answer, if they were recorded" },
      RECORDS_OPTION,
      ...PRINTING_OPTIONS,
    ],
    notes: ["babylon-llm calls lists the ids.", "", "  babylon-llm call 5b0c7a3e-1d51-4b7e-9f57-0d9f3f0a8a11"],
    run: callCommand,
  },
];
