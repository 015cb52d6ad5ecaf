import type { CommandSpec } from "../arguments/command-spec.ts";
import { COMMON_OPTIONS, EXPERIMENTS_OPTION, PRINTING_OPTIONS, WRITING_OPTIONS } from "../arguments/shared-options.ts";
import { experimentsAudienceCommand } from "./experiments-audience-command.ts";
import {
  experimentsPauseCommand,
  experimentsPromoteCommand,
  experimentsStartCommand,
  experimentsStopCommand,
} from "./experiments-change-command.ts";
import { experimentsCommand } from "./experiments-command.ts";
import { experimentsPlanCommand } from "./experiments-plan-command.ts";
import { experimentsReportCommand } from "./experiments-report-command.ts";

/** The commands for experiments. Those with two words come first: the first that fits is run. */
export const experimentsSpecs: readonly CommandSpec[] = [
  {
    name: "experiments report",
    summary: "prints what an experiment has shown, and what to do about it",
    operands: "<id>",
    count: [1, 1],
    options: [
      EXPERIMENTS_OPTION,
      {
        name: "as",
        value: "<view>",
        help: "assigned: all calls of an arm, the default; served: only those its model served",
      },
      ...COMMON_OPTIONS,
    ],
    notes: ["May be looked at any number of times: its intervals are valid at every look."],
    run: experimentsReportCommand,
  },
  {
    name: "experiments plan",
    summary: "computes how many units an experiment takes, before it starts",
    operands: "",
    count: [0, 0],
    options: [
      { name: "difference", value: "<n>", help: "the smallest difference to be found, in the unit of the metric" },
      { name: "rate", value: "<n>", help: "rate of the control, 0 to 1, for a metric of yes and no" },
      { name: "variance", value: "<n>", help: "variance of a single value, for other metrics" },
      { name: "calls-per-unit", value: "<n>", help: "calls of one agent or session; default 1" },
      { name: "correlation", value: "<n>", help: "between two calls of one unit, 0 to 1; default 0.1" },
      { name: "power", value: "<n>", help: "probability of finding the difference; default 0.8" },
      ...PRINTING_OPTIONS,
    ],
    notes: ["", "  babylon-llm experiments plan --rate 0.6 --difference 0.05 --calls-per-unit 10"],
    run: experimentsPlanCommand,
  },
  {
    name: "experiments audience",
    summary: "changes the calls that an experiment is about",
    operands: "<id>",
    count: [1, 1],
    options: [
      { name: "agents", value: "<ids>", help: "only these agents" },
      { name: "purposes", value: "<names>", help: "only calls with these purposes" },
      { name: "tenants", value: "<ids>", help: "only calls of these tenants" },
      { name: "layer", value: "<name>", help: "only a part of the units, with --layer-range" },
      { name: "layer-range", value: "<from,to>", help: "this part of the layer, from 0 to 1, such as 0,0.5" },
      ...WRITING_OPTIONS,
      ...COMMON_OPTIONS,
    ],
    notes: [
      "What is not given stays as it is; the value null removes a list or the layer.",
      "",
      "  babylon-llm experiments audience npc-model --purposes chat,plan --tenants null",
    ],
    run: experimentsAudienceCommand,
  },
  ...(["start", "pause"] as const).map((verb) => ({
    name: `experiments ${verb}`,
    summary:
      verb === "start" ? "lets an experiment assign calls" : "stops assigning calls; the results so far are kept",
    operands: "<id>",
    count: [1, 1] as const,
    options: [...WRITING_OPTIONS, ...COMMON_OPTIONS],
    notes: [],
    run: verb === "start" ? experimentsStartCommand : experimentsPauseCommand,
  })),
  {
    name: "experiments stop",
    summary: "ends an experiment, with or without a winner",
    operands: "<id> [winner]",
    count: [1, 2],
    options: [...WRITING_OPTIONS, ...COMMON_OPTIONS],
    notes: ["The winner is noted, but does not become the rule: experiments promote does that."],
    run: experimentsStopCommand,
  },
  {
    name: "experiments promote",
    summary: "ends an experiment and makes an arm the rule",
    operands: "<id> <arm>",
    count: [2, 2],
    options: [...WRITING_OPTIONS, ...COMMON_OPTIONS],
    notes: ["Undo it with settings rollback."],
    run: experimentsPromoteCommand,
  },
  {
    name: "experiments",
    summary: "lists the experiments of the settings",
    operands: "",
    count: [0, 0],
    options: COMMON_OPTIONS,
    notes: ["Experiments are created in the console, or with settings set --patch."],
    run: experimentsCommand,
  },
];
