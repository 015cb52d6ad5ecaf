import { isRecord } from "@babylon/llm-core";
import * as v from "valibot";
import { invalidSettings } from "../errors/settings-error.ts";
import type { SettingsPatch } from "./settings-patch.ts";

/** The settings row of the system that this library replaces: a model and a switch for Weights & Biases. */
export interface OlderSettings {
  readonly wandbModel: string | null;
  readonly wandbEnabled: boolean;
}

const olderRowSchema = v.looseObject({
  wandbModel: v.nullish(v.string()),
  wandbEnabled: v.nullish(v.boolean()),
});

/** Whether a value has fields of the older row and is not a settings record. */
export function isOlderSettings(value: unknown): boolean {
  return isRecord(value) && !("schema" in value) && ("wandbModel" in value || "wandbEnabled" in value);
}

/**
 * Converts a row of the older system, `{ wandbModel, wandbEnabled }`, to a patch:
 * `settings.update(fromOlderSettings(row), { actor: "import" })`. An empty model counts as none; a missing switch counts as off.
 * Other fields of the row are ignored. Throws `invalid` for any other value.
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
