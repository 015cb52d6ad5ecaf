import type { CommandSpec, OptionSpec } from "./command-spec.ts";

/** The options that these commands share with others. */
export interface TuningSharedOptions {
  readonly common: readonly OptionSpec[];
  readonly writing: readonly OptionSpec[];
  readonly plain: readonly OptionSpec[];
  /** `--records`, `--where`, `--since`. */
  readonly records: readonly OptionSpec[];
}

const JOURNAL: OptionSpec = {
  name: "journal",
  value: "<url>",
  help: "what was started; default sqlite://./data/tuning.db",
};

const EXPERIMENTS: OptionSpec = {
  name: "experiments",
  value: "<url>",
  help: "rows of experiments; default BABYLON_EXPERIMENTS_URL",
};

const VENDOR: readonly OptionSpec[] = [
  { name: "entity", value: "<team>", help: "team at W&B; default WANDB_ENTITY" },
  { name: "project", value: "<name>", help: "project at W&B; default WANDB_PROJECT" },
  {
    name: "data-url",
    value: "<url>",
    help: "examples that are uploaded already: wandb-artifact:///team/project/name:v0",
  },
];

/** The commands for models of one's own. */
export function tuningSpecs({ common, writing, plain, records }: TuningSharedOptions): readonly CommandSpec[] {
  return [
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
        ...records,
        JOURNAL,
        ...plain,
      ],
      notes: [
        "Calls need their content: recordContent of the client. Secrets drop an example, personal data is masked.",
        "",
        "  babylon-llm tune dataset data/npc --allow wandb,groq --where purpose=npc-decision",
      ],
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
        JOURNAL,
        ...plain,
      ],
      notes: ["The upload uses requests that W&B does not document; --data-url is the way around it."],
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
        JOURNAL,
        ...plain,
      ],
      notes: ["Without a job: the newest one."],
    },
    {
      name: "tune evaluate",
      summary: "compares a trained model with the chain, on held-out examples",
      operands: "[job]",
      count: [0, 1],
      options: [
        { name: "judge", value: "<rubric>", help: "a model judges which answer is better, by this; it decides then" },
        { name: "max-examples", value: "<n>", help: "number of examples; default all" },
        ...VENDOR,
        JOURNAL,
        ...common,
      ],
      notes: ["Compares answers with the recorded ones. Writes evaluation-<job>.json beside the dataset."],
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
        { name: "p95", value: "<times>", help: "latency: its p95 may be so many times the control's; default 1.5" },
        { name: "failures", value: "<share>", help: "failures may be more by this share of calls; default 0.02" },
        { name: "fallbacks", value: "<share>", help: "fallbacks may be more by this share of calls; default 0.05" },
        { name: "every", value: "<seconds>", help: "time between two looks; default 60" },
        { name: "force", value: "<reason>", help: "without an evaluation, or with one that says worse" },
        EXPERIMENTS,
        ...VENDOR,
        JOURNAL,
        ...writing.filter(({ name }) => name !== "expected-version"),
        ...common,
      ],
      notes: [
        "The calls are those of services with BABYLON_EXPERIMENTS_URL. Makes one short call before, which loads the model.",
        "Ctrl-C leaves it running: the same command goes on, and services with experiments still pause the model at harm.",
        "Exit code 1 if it did harm, or was stopped by somebody else.",
        "",
        "  babylon-llm tune canary --units 2000 --weight 0.05",
      ],
    },
    {
      name: "tune promote",
      summary: "puts a trained model into the chain",
      operands: "[job]",
      count: [0, 1],
      options: [
        { name: "agents", value: "<ids>", help: "only for these agents" },
        { name: "force", value: "<reason>", help: "without an evaluation that says better" },
        ...VENDOR,
        JOURNAL,
        ...writing,
        ...common,
      ],
      notes: [
        "Without --agents: for all calls that the provider serves. Makes one short call before, which loads the model.",
      ],
    },
    {
      name: "tune roll-back",
      summary: "restores what a promotion has replaced, and keeps other changes",
      operands: "<name>",
      count: [1, 1],
      options: [JOURNAL, ...writing, ...common],
      notes: [],
    },
  ];
}
