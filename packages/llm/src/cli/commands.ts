import { budgetSpecs } from "./budget-specs.ts";
import { chainSpecs } from "./chain-specs.ts";
import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { doctorSpec } from "./doctor-spec.ts";
import { experimentsSpecs } from "./experiments-specs.ts";
import { recordsSpecs } from "./records-specs.ts";
import { settingsSpecs } from "./settings-specs.ts";
import { tuningSpecs } from "./tuning-specs.ts";

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
