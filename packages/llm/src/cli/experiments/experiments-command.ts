import type { ExperimentArm, ExperimentSettings } from "@babylon/llm-core";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "../settings/open-cli-store.ts";

/** Lists the experiments of the settings. */
export const experimentsCommand: Command = async (context) => {
  const { json, print } = context;
  const { store, location } = await openCliStore(context, "read");
  try {
    const { value, version } = await store.get();
    const experiments = value.experiments ?? {};
    if (json) print.json({ ok: true, version, location, experiments });
    else print.lines(...(await toLines(experiments, location)));
    return EXIT.ok;
  } finally {
    await store.close();
  }
};

async function toLines(experiments: Readonly<Record<string, ExperimentSettings>>, location: string): Promise<string[]> {
  const entries = Object.entries(experiments);
  if (entries.length === 0) return [`No experiments in ${location}.`];
  const { audienceText } = await import("@babylon/experiments/contract");
  return formatTable([
    ["experiment", "state", "unit", "audience", "metric", "arms"],
    ...entries.map(([id, { state, unit, audience, metric, arms, winner }]) => [
      id,
      winner == null ? state : `${state}, winner ${winner}`,
      unit,
      audienceText(audience),
      metric,
      arms.map(armText).join(", "),
    ]),
  ]);
}

function armText({ id, weight, shadow, paused }: ExperimentArm): string {
  const notes = [`${weight / 100} %`, ...(shadow === true ? ["shadow"] : []), ...(paused === true ? ["paused"] : [])];
  return `${id} (${notes.join(", ")})`;
}
