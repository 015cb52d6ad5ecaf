import { isRecord } from "@babylon/llm-core";
import * as v from "valibot";
import { invalidSettings } from "../errors/settings-error.ts";
import type { SettingsPatch } from "./settings-patch.ts";

/** The row of the system that this library replaces: one model and one switch, both of Weights & Biases. */
export interface OlderSettings {
  readonly wandbModel: string | null;
  readonly wandbEnabled: boolean;
}

const olderRowSchema = v.looseObject({
  wandbModel: v.nullish(v.string()),
  wandbEnabled: v.nullish(v.boolean()),
});

/** Whether a value has the older names and is no record of ours. */
export function isOlderSettings(value: unknown): boolean {
  return isRecord(value) && !("schema" in value) && ("wandbModel" in value || "wandbEnabled" in value);
}

/**
 * The patch that brings a row of the older shape, `{ wandbModel, wandbEnabled }`, into the settings:
 * `settings.update(fromOlderSettings(row), { actor: "import" })`. An empty model counts as none; a row without a switch was off.
 * Other fields of the row are ignored. Throws `invalid` for a row of another shape.
 */
export function fromOlderSettings(row: unknown): SettingsPatch {
  const result = v.safeParse(olderRowSchema, row);
  if (!result.success || !isOlderSettings(row)) {
    throw invalidSettings([{ path: "", message: "expected a row { wandbModel, wandbEnabled }" }]);
  }
  const model = result.output.wandbModel?.trim();
  return {
    providers: {
      wandb: { enabled: result.output.wandbEnabled ?? false, model: model === "" ? null : (model ?? null) },
    },
  };
}
