import { isRecord, type SystemSettings } from "@babylon/llm-core";
import { type JournalPromotion, rollbackChange } from "@babylon/tuning/contract";
import type { CanaryState, SettingsPatch, TunedState } from "../contract.ts";

/** What the experiments of canaries are called. */
const CANARY = "canary-";
const WHOLE = 10_000;

/** The tuned models of some settings, with the change that a rollback would make. Pure. */
export function tunedStates(settings: SystemSettings, promotions: readonly JournalPromotion[]): readonly TunedState[] {
  // A newer version may have stored a model of another form.
  return Object.entries(settings.tuned ?? {}).flatMap(([name, tuned]): readonly TunedState[] => {
    if (!isRecord(tuned) || typeof tuned.model !== "string") return [];
    const { provider, baseModel, model, agents = null, evaluatedAt = null } = tuned;
    const promotion = promotions.find((each) => each.name === name && each.model === model && !each.rolledBack);
    return [
      {
        name,
        provider,
        baseModel,
        model,
        agents,
        evaluatedAt,
        promotedAt: promotion?.atEpochMs ?? null,
        ...rollBackOf(settings, promotion),
      },
    ];
  });
}

function rollBackOf(
  settings: SystemSettings,
  promotion: JournalPromotion | undefined,
): { readonly rollBack: SettingsPatch | null; readonly blocked: string | null } {
  if (promotion === undefined) {
    return { rollBack: null, blocked: "the journal does not have its promotion: restore an earlier version" };
  }
  try {
    return { rollBack: rollbackChange(settings, promotion), blocked: null };
  } catch (thrown) {
    if (!isRecord(thrown) || thrown.code !== "conflict") throw thrown;
    return { rollBack: null, blocked: String(thrown.message) };
  }
}

/** The canaries of some settings. Pure. */
export function canaryStates({ experiments = {} }: SystemSettings): readonly CanaryState[] {
  return Object.entries(experiments).flatMap(([id, { state, winner = null, arms }]): readonly CanaryState[] => {
    if (!id.startsWith(CANARY)) return [];
    const arm = Array.isArray(arms) ? arms[1] : undefined;
    return [
      {
        name: id.slice(CANARY.length),
        experiment: id,
        state,
        winner,
        model: arm?.model ?? null,
        share: arm === undefined ? null : arm.weight / WHOLE,
      },
    ];
  });
}
