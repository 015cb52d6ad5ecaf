import { expect, test } from "vitest";
import { type ParsedFlags, parseFlags, type TickFlags } from "./parse-flags.ts";

const defaults: TickFlags = {
  agents: 20,
  seed: 1,
  faults: [],
  budgetMs: 180_000,
  budgetUsd: null,
  settings: null,
  records: null,
  experiment: false,
  simulator: false,
  json: false,
};
const run = (flags: Partial<TickFlags>): ParsedFlags => ({ do: "run", flags: { ...defaults, ...flags } });

test.each<[string, string[], ParsedFlags]>([
  ["nothing", [], run({})],
  ["values after a space", ["--agents", "5", "--seed", "9"], run({ agents: 5, seed: 9 })],
  ["an experiment", ["--experiment"], run({ experiment: true, simulator: true, agents: 160 })],
  ["values after an equals sign", ["--agents=0", "--budget=0.5"], run({ agents: 0, budgetMs: 500 })],
  ["a budget in dollars", ["--budget-usd", "0.05"], run({ budgetUsd: 0.05 })],
  ["switches", ["--json", "--simulator"], run({ json: true, simulator: true })],
  ["a separator passed on by the runner", ["--", "--json"], run({ json: true })],
  ["settings", ["--settings", "redis://localhost:6379"], run({ settings: "redis://localhost:6379" })],
  [
    "faults",
    ["--fault", "wandb=503,groq=hang"],
    run({
      faults: [
        { provider: "wandb", fault: 503 },
        { provider: "groq", fault: "hang" },
      ],
    }),
  ],
  ["help", ["--help"], { do: "help" }],
  ["the short form of help with other options", ["--json", "-h"], { do: "help" }],
])("%s", (_, args, parsed) => {
  expect(parseFlags(args)).toEqual(parsed);
});

test.each([
  [["--agents", "many"], '--agents: expected a whole number from 0 to 1000, got "many"'],
  [["--agents", "-1"], "--agents: expected a whole number"],
  [["--agents", "1001"], "--agents: expected a whole number"],
  [["--agents", "2.5"], "--agents: expected a whole number"],
  [["--agents"], "--agents needs a value"],
  [["--agents="], "--agents needs a value"],
  [["--agents", "--json"], "--agents needs a value"],
  [["--seed", "4294967296"], "--seed: expected a whole number"],
  [["--budget", "0"], "--budget: expected seconds"],
  [["--budget", "1e3"], "--budget: expected seconds"],
  [["--budget", "3601"], "--budget: expected seconds"],
  [["--budget", "Infinity"], "--budget: expected seconds"],
  [["--budget-usd", "$5"], "--budget-usd: expected US dollars"],
  [["--budget-usd", "1e3"], "--budget-usd: expected US dollars"],
  [["--fault", "wandb=slowly"], '--fault: "slowly" is neither'],
  [["--json=yes"], "--json takes no value"],
  [["--agnets", "5"], "there is no option --agnets"],
  [["--agent", "5"], "there is no option --agent; did you mean --agents?"],
  [["--faults", "5"], "did you mean --fault?"],
  [["-x"], "there is no option -x"],
  [["--seed", "1", "--seed", "2"], "--seed is given twice"],
  [["5"], '"5" means nothing here'],
])("%j is refused", (args, why) => {
  expect(parseFlags(args)).toEqual({ do: "refuse", message: expect.stringContaining(why) });
});
