import type { CommandSpec, OptionSpec } from "./arguments/command-spec.ts";
import { budgetSpecs } from "./budget/budget-specs.ts";
import { chainSpecs } from "./chain/chain-specs.ts";
import { doctorSpec } from "./doctor/doctor-spec.ts";
import { experimentsSpecs } from "./experiments/experiments-specs.ts";
import { recordsSpecs } from "./records/records-specs.ts";
import { settingsSpecs } from "./settings/settings-specs.ts";
import { tuningSpecs } from "./tune/tuning-specs.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...chainSpecs,
  ...settingsSpecs,
  ...recordsSpecs,
  ...budgetSpecs,
  ...experimentsSpecs,
  ...tuningSpecs,
  doctorSpec,
];

/** The options of all commands by name. Equal names have equal meanings. */
export const OPTIONS: ReadonlyMap<string, OptionSpec> = new Map(
  [{ name: "version", short: "v", help: "print the version" }, ...COMMANDS.flatMap(({ options }) => options)].map(
    (option) => [option.name, option],
  ),
);
