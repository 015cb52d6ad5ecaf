import type { ExperimentRows, Experiments } from "@babylon/experiments";
import { readEnv } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { CommandContext } from "../command-context.ts";

/** Experiments for their reports, with their rows, which the caller closes. */
export interface CliExperiments {
  /** Not closed: they have nothing to store, and a file that is opened for reads takes nothing. */
  readonly experiments: Experiments;
  readonly rows: ExperimentRows;
}

const VARIABLE = "BABYLON_EXPERIMENTS_URL";

/**
 * Opens the rows of `--experiments`, else of `BABYLON_EXPERIMENTS_URL`, for reads.
 *
 * @throws StorageError if they cannot be opened
 * @throws UsageError if neither is set
 */
export async function openCliExperiments(context: CommandContext, settings: SettingsStore): Promise<CliExperiments> {
  const { url, at } = rowsUrl(context);
  const { clock } = context.host;
  const { createExperiments, openExperimentRows } = await import("@babylon/experiments");
  const rows = await openExperimentRows({ url: forReads(url), at, clock });
  return { rows, experiments: createExperiments({ rows, settings, clock, guardEveryMs: null }) };
}

function rowsUrl({ flags, environment }: CommandContext): { readonly url: string; readonly at: string } {
  const option = textFlag(flags, "experiments");
  const url = option ?? readEnv(environment.env, VARIABLE);
  if (url !== undefined) return { url, at: option === undefined ? VARIABLE : "--experiments" };
  throw new UsageError(
    `no rows of experiments: set --experiments or ${VARIABLE}, such as sqlite://./data/experiments.db`,
  );
}

/** A command that reads creates no file. */
const forReads = (url: string): string => (/^sqlite:\/\/(?!:memory:)[^?]*$/i.test(url) ? `${url}?mode=ro` : url);
