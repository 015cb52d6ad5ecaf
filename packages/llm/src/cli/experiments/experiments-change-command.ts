import type { SystemSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "@babylon/settings-store";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { reportUpdate } from "../settings/report-update.ts";
import { updateOptions } from "../settings/update-options.ts";

/** A change of the experiment with this id. */
type Change = (settings: SystemSettings, id: string) => SettingsPatch;

/** Changes the experiment that is the first operand, and prints the result. Throws `UsageError` if there is none of this id. */
export async function changeStoredExperiment(context: CommandContext, patchOf: Change): Promise<ExitCode> {
  const [id = ""] = context.operands;
  const options = updateOptions(context);
  const { store, location } = await openCliStore(context, "write");
  try {
    const update = await store.update((settings) => {
      const ids = Object.keys(settings.experiments ?? {});
      if (!ids.includes(id)) {
        throw new UsageError(`no experiment "${id}"${ids.length === 0 ? "" : `; there are ${ids.join(", ")}`}`);
      }
      return patchOf(settings, id);
    }, options);
    return await reportUpdate(update, store, location, context);
  } finally {
    await store.close();
  }
}

/** Lets an experiment assign calls. */
export const experimentsStartCommand: Command = (context) =>
  changeStoredExperiment(context, (_, id) => ({ experiments: { [id]: { state: "running" } } }));

/** Stops assigning calls. */
export const experimentsPauseCommand: Command = (context) =>
  changeStoredExperiment(context, (_, id) => ({ experiments: { [id]: { state: "paused" } } }));

/** Ends an experiment. */
export const experimentsStopCommand: Command = (context) =>
  changeStoredExperiment(context, (_, id) => ({
    experiments: { [id]: { state: "stopped", winner: context.operands[1] ?? null } },
  }));

/** Ends an experiment and makes an arm the rule. */
export const experimentsPromoteCommand: Command = async (context) => {
  const { promotion } = await import("@babylon/experiments");
  return changeStoredExperiment(context, (settings, id) => promotion(settings, id, context.operands[1] ?? ""));
};
