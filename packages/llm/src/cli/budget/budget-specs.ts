import type { CommandSpec } from "../arguments/command-spec.ts";
import { AUTHOR_OPTIONS, COMMON_OPTIONS, STATE_OPTION } from "../arguments/shared-options.ts";
import { budgetCommand } from "./budget-command.ts";
import { budgetWriteOffCommand } from "./budget-write-off-command.ts";
import { budgetWriteOffsCommand } from "./budget-write-offs-command.ts";

/** The commands for budgets. Those with two words come first: the first that fits is run. */
export const budgetSpecs: readonly CommandSpec[] = [
  {
    name: "budget write-off",
    summary: "removes presumed amounts from a budget, after the bill was checked",
    operands: "<budget> [scope=value]...",
    count: [1, 6],
    options: [
      { name: "amount", value: "<amount>", help: "US dollars or tokens; default all that is presumed" },
      ...AUTHOR_OPTIONS,
      STATE_OPTION,
      ...COMMON_OPTIONS,
    ],
    notes: ["", '  babylon-llm budget write-off tenant-day tenant=acme --amount 0.25 --reason "not on the bill"'],
    run: budgetWriteOffCommand,
  },
  {
    name: "budget write-offs",
    summary: "lists what was written off: who, when, how much, of which window",
    operands: "",
    count: [0, 0],
    options: [
      { name: "limit", value: "<n>", help: "number of write-offs; default 20" },
      STATE_OPTION,
      ...COMMON_OPTIONS,
    ],
    notes: [],
    run: budgetWriteOffsCommand,
  },
  {
    name: "budget",
    summary: "prints what budgets have spent, hold and have left",
    operands: "",
    count: [0, 0],
    options: [STATE_OPTION, ...COMMON_OPTIONS],
    notes: [
      "Presumed: may have been billed, no provider has said. Held: reserved for attempts under way.",
      "Budgets are changed with settings set budgets=<json>. Of those in the code of a service, the limit is as it last had it.",
      "Exit code 1 if the shared state does not answer.",
    ],
    run: budgetCommand,
  },
];
