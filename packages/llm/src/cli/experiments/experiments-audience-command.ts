import type { AudiencePatch } from "@babylon/settings-store";
import type { Flags } from "../arguments/flags.ts";
import { listFlag, textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command } from "../command-context.ts";
import { changeStoredExperiment } from "./experiments-change-command.ts";

/** Changes the calls that an experiment is about; what is not given stays as it is. */
export const experimentsAudienceCommand: Command = async (context) => {
  const audience = audiencePatch(context.flags);
  if (Object.keys(audience).length === 0) {
    throw new UsageError(
      "experiments audience needs --agents, --purposes, --tenants or --layer; the value null removes one",
    );
  }
  return changeStoredExperiment(context, (_, id) => ({ experiments: { [id]: { audience } } }));
};

const LISTS = ["agents", "purposes", "tenants"] as const;

/** As in `settings set`. */
const REMOVED = "null";

function audiencePatch(flags: Flags): AudiencePatch {
  const lists = LISTS.flatMap((name) => {
    const list = listFlag(flags, name);
    if (list === undefined) return [];
    return [[name, textFlag(flags, name) === REMOVED ? null : list] as const];
  });
  return { ...Object.fromEntries(lists), ...layerPatch(flags) };
}

function layerPatch(flags: Flags): Pick<AudiencePatch, "layer" | "layerRange"> {
  const layer = textFlag(flags, "layer");
  const range = textFlag(flags, "layer-range");
  if (layer === REMOVED) {
    if (range !== undefined) throw new UsageError("--layer-range: a layer that is removed has no range");
    return { layer: null, layerRange: null };
  }
  return {
    ...(layer === undefined ? {} : { layer }),
    ...(range === undefined ? {} : { layerRange: rangeOf(range) }),
  };
}

/** The store checks the numbers. */
function rangeOf(text: string): readonly [from: number, to: number] {
  const [from, to, ...more] = text.split(",").map((end) => (end.trim() === "" ? Number.NaN : Number(end)));
  if (from === undefined || to === undefined || more.length > 0 || Number.isNaN(from + to)) {
    throw new UsageError(`--layer-range: expected two numbers from 0 to 1, such as 0,0.5, got "${text}"`);
  }
  return [from, to];
}
