import type { CommandSpec, OptionSpec } from "../arguments/command-spec.ts";
import {
  COMMON_OPTIONS,
  EXPERIMENTS_OPTION,
  PRINTING_OPTIONS,
  RECORDS_OPTION,
  sinceOption,
  WHERE_OPTION,
  WRITING_OPTIONS,
} from "../arguments/shared-options.ts";
import { tuneCanaryCommand } from "./tune-canary-command.ts";
import { tuneDatasetCommand } from "./tune-dataset-command.ts";
import { tuneEvaluateCommand } from "./tune-evaluate-command.ts";
import { tunePromoteCommand, tuneRollBackCommand } from "./tune-promote-command.ts";
import { tuneStartCommand } from "./tune-start-command.ts";
import { tuneWatchCommand } from "./tune-watch-command.ts";

const JOURNAL: OptionSpec = {
  name: "journal",
  value: "<url>",
  help: "journal of trainings; default BABYLON_TUNING_URL, else sqlite://./data/tuning.db",
};

const VENDOR: readonly OptionSpec[] = [
  { name: "entity", value: "<team>", help: "team at W&B; default WANDB_ENTITY" },
  { name: "project", value: "<name>", help: "project at W&B; default WANDB_PROJECT" },
];

const DATA_URL: OptionSpec = {
  name: "data-url",
  value: "<url>",
  help: "examples that are uploaded already: wandb-artifact:///team/project/name:v0",
};

/** The commands for models of one's own. */
export const tuningSpecs: readonly CommandSpec[] = [
  {
    name: "tune dataset",
    summary: "makes a dataset for fine-tuning from recorded calls",
    operands: "<folder>",
    count: [1, 1],
    options: [
      { name: "allow", value: "<ids>", help: "providers whose answers may be trained on; required" },
      { name: "max-tokens", value: "<n>", help: "tokens of an example; longer ones are left out" },
      { name: "min-examples", value: "<n>", help: "fail with fewer; default 1" },
      { name: "test", value: "<share>", help: "share of agents that is held out; default 0.1" },
      { name: "seed", value: "<text>", help: "which agents those are; default babylon" },
      sinceOption("365d"),
      WHERE_OPTION,
      RECORDS_OPTION,
      JOURNAL,
      ...PRINTING_OPTIONS,
    ],
    notes: [
      "Calls need their content: recordContent of the client. Secrets drop an example, personal data is masked.",
      "",
      "  babylon-llm tune dataset data/npc --allow wandb,groq --where purpose=npc-decision",
    ],
    run: tuneDatasetCommand,
  },
  {
    name: "tune start",
    summary: "uploads a dataset and starts a training at W&B",
    operands: "<name>",
    count: [1, 1],
    options: [
      { name: "dataset", value: "<folder>", help: "the folder of the dataset; required" },
      { name: "base", value: "<model>", help: "the model that is trained; required" },
      { name: "epochs", value: "<n>", help: "how often each example is seen" },
      { name: "batch-size", value: "<n>", help: "examples of a step" },
      { name: "learning-rate", value: "<n>", help: "highest learning rate, such as 0.0002" },
      ...VENDOR,
      DATA_URL,
      JOURNAL,
      ...PRINTING_OPTIONS,
    ],
    notes: ["The upload uses requests that W&B does not document; --data-url is the way around it."],
    run: tuneStartCommand,
  },
  {
    name: "tune watch",
    summary: "prints the progress of a training, also after a crash",
    operands: "[job]",
    count: [0, 1],
    options: [
      { name: "started", value: "<id>", help: "the id at W&B of a job whose start was lost" },
      { name: "not-started", help: "W&B has no such job: start it" },
      ...VENDOR,
      DATA_URL,
      JOURNAL,
      ...PRINTING_OPTIONS,
    ],
    notes: ["Without a job: the newest one."],
    run: tuneWatchCommand,
  },
  {
    name: "tune evaluate",
    summary: "compares a trained model with the chain, on held-out examples",
    operands: "[job]",
    count: [0, 1],
    options: [
      {
        name: "judge",
        value: "<rubric>",
        help: "a model judges both answers by this, and its judgement is the verdict",
      },
      { name: "max-examples", value: "<n>", help: "number of examples; default all" },
      ...VENDOR,
      JOURNAL,
      ...COMMON_OPTIONS,
    ],
    notes: ["Compares answers with the recorded ones. Writes evaluation-<job>.json beside the dataset."],
    run: tuneEvaluateCommand,
  },
  {
    name: "tune canary",
    summary: "tries a trained model on a small share of the calls",
    operands: "[job]",
    count: [0, 1],
    options: [
      { name: "units", value: "<n>", help: "units of both arms after which it has passed; required" },
      { name: "weight", value: "<share>", help: "share of the units that get the model; default 0.05" },
      { name: "unit", value: "<unit>", help: "agent, session or call; default agent" },
      { name: "agents", value: "<ids>", help: "only for these agents" },
      { name: "purposes", value: "<names>", help: "only for calls with these purposes" },
      { name: "tenants", value: "<ids>", help: "only for calls of these tenants" },
      { name: "p95", value: "<times>", help: "latency: its p95 may be so many times the control's; default 1.5" },
      { name: "failures", value: "<share>", help: "failures may be more by this share of calls; default 0.02" },
      { name: "fallbacks", value: "<share>", help: "fallbacks may be more by this share of calls; default 0.05" },
      { name: "every", value: "<seconds>", help: "time between two looks; default 60" },
      { name: "force", value: "<reason>", help: "why it starts without an evaluation, or after one that says worse" },
      EXPERIMENTS_OPTION,
      ...VENDOR,
      JOURNAL,
      ...WRITING_OPTIONS.filter(({ name }) => name !== "expected-version"),
      ...COMMON_OPTIONS,
    ],
    notes: [
      "The calls are those of services with BABYLON_EXPERIMENTS_URL. Makes one short call before, which loads the model.",
      "Ctrl-C leaves it running: the same command goes on, and services with experiments still pause the model at harm.",
      "Exit code 1 if it did harm, or was stopped by somebody else.",
      "",
      "  babylon-llm tune canary --units 2000 --weight 0.05",
    ],
    run: tuneCanaryCommand,
  },
  {
    name: "tune promote",
    summary: "puts a trained model into the chain",
    operands: "[job]",
    count: [0, 1],
    options: [
      { name: "agents", value: "<ids>", help: "only for these agents" },
      { name: "force", value: "<reason>", help: "why it is promoted without an evaluation that says better" },
      ...VENDOR,
      JOURNAL,
      ...WRITING_OPTIONS,
      ...COMMON_OPTIONS,
    ],
    notes: [
      "Without --agents: for all calls that the provider serves. Makes one short call before, which loads the model.",
    ],
    run: tunePromoteCommand,
  },
  {
    name: "tune roll-back",
    summary: "restores what a promotion has replaced, and keeps other changes",
    operands: "<name>",
    count: [1, 1],
    options: [JOURNAL, ...WRITING_OPTIONS, ...COMMON_OPTIONS],
    notes: [],
    run: tuneRollBackCommand,
  },
];
