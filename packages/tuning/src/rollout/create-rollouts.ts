import { randomUUID } from "node:crypto";
import type { ChangeOptions } from "@babylon/experiments";
import { type Clock, invalidInput, type SystemSettings, systemClock } from "@babylon/llm-core";
import type { TuningJournal } from "../contract/journal.ts";
import type { JournalPromotion } from "../contract/journal-promotion.ts";
import { TuningError } from "../contract/tuning-error.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import { type Promoted, promotionChange, rollbackChange } from "./promotion-change.ts";
import type { TuningChange } from "./tuning-change.ts";
import type { TuningSettings } from "./tuning-settings.ts";
import { type ModelLink, type TuningClient, warmUp } from "./warm-up.ts";

/** What rollouts use. */
export interface RolloutParts {
  readonly journal: TuningJournal;
  readonly settings: TuningSettings;
  /** Called when a model is warmed up. Needed for `promote`. */
  readonly llm?: (() => TuningClient) | undefined;
  readonly clock?: Clock | undefined;
}

/** A model that may be promoted: of `TuningJob.result`, with the model of one of its checkpoints. */
export interface CandidateModel extends ModelLink {
  /** The name in the settings. */
  readonly name: string;
  readonly baseModel: string;
  readonly datasetSha256: string;
}

/** Options of `rollBack`. */
export interface RollBackOptions extends ChangeOptions {
  /** Looks at the change before it is made, with the settings that it is made from; what it throws is passed on. Runs again after a concurrent write. */
  readonly check?: ((settings: SystemSettings, change: TuningChange) => Promise<void>) | undefined;
}

/** Options of `promote`. */
export interface PromoteOptions extends RollBackOptions {
  /** An evaluation of this model with the verdict `better`. */
  readonly report?: EvaluationReport | undefined;
  /** Promote without such an evaluation, for this reason, which is in the history. */
  readonly force?: string | undefined;
  /** The agents that get the model. Default: all calls that the provider serves, unless an agent has a setting of its own. */
  readonly agents?: readonly string[] | undefined;
  /** The limit of the warm-up, milliseconds. Default 60 s. */
  readonly firstTokenMs?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** A change of the settings that was committed. */
export interface Rollout {
  /** The version of the settings. */
  readonly version: number | null;
  readonly model: string;
}

/** Promotes and rolls back. */
export interface Rollouts {
  /** See `Tuning.promote`. */
  promote(candidate: CandidateModel, options: PromoteOptions): Promise<Rollout>;
  /** See `Tuning.rollBack`. */
  rollBack(name: string, options?: RollBackOptions): Promise<Rollout>;
}

/** Why a candidate must not be promoted; `null`: it may. */
function objection({ model }: CandidateModel, report: EvaluationReport | undefined): string | null {
  if (report === undefined) return "there is no evaluation";
  if (report.candidate.model !== model) return `the evaluation is one of ${report.candidate.model}`;
  return report.verdict === "better" ? null : `its evaluation says "${report.verdict}": ${report.why}`;
}

/** Changes of the settings that put a model into the chain and take it out again. */
export function createRollouts({ journal, settings, llm, clock = systemClock }: RolloutParts): Rollouts {
  return {
    async promote(candidate, options) {
      const { report, force, agents, firstTokenMs, abortSignal, actor, reason, expectedVersion } = options;
      const { name, provider, model, baseModel, datasetSha256 } = candidate;
      if (/:latest$/.test(model))
        throw invalidInput("model", "a version or a step of a model, and not an alias that moves");
      if (agents?.length === 0) throw invalidInput("agents", "at least one agent");
      const why = objection(candidate, report);
      if (why !== null && (force ?? "").trim() === "")
        throw new TuningError("not_better", `${model} is not promoted: ${why}`);
      if (llm === undefined) throw invalidInput("llm", "a client, for the warm-up");
      await warmUp(llm(), candidate, { firstTokenMs, abortSignal });
      const promoted: Promoted = {
        name,
        provider,
        baseModel,
        model,
        ...(agents === undefined ? {} : { agents }),
        datasetSha256,
        ...(why === null && report !== undefined ? { evaluatedAt: new Date(report.atEpochMs).toISOString() } : {}),
      };
      const id = randomUUID();
      const change = async (stored: Parameters<typeof promotionChange>[0]) => {
        const { change: patch, before } = promotionChange(stored, promoted);
        await options.check?.(stored, patch);
        const promotion = { id, name, atEpochMs: clock.now(), before, model, rolledBack: false };
        // Before the settings: what a rollback restores is known before there is anything to roll back.
        await journal.addPromotion(promotion);
        return patch;
      };
      const note = reason ?? (why === null ? `${name}: ${report?.why ?? ""}` : `${name}: ${force}`);
      try {
        const { snapshot } = await settings.update(change, { actor, reason: note.slice(0, 1_000), expectedVersion });
        return { version: snapshot.version, model };
      } catch (thrown) {
        // A promotion that surely was not made must not be found by a rollback.
        if (!mayBeApplied(thrown)) await journal.markRolledBack(id);
        throw thrown;
      }
    },
    async rollBack(name, options = {}) {
      const { value } = await settings.get({ fresh: true });
      const current = value.tuned?.[name];
      if (current === undefined) throw new TuningError("conflict", `no model "${name}" was promoted`);
      const promotion = (await journal.promotions(name)).find(({ model }) => model === current.model);
      if (promotion === undefined) {
        throw new TuningError(
          "conflict",
          `the journal does not have the promotion of ${current.model}: use the one that it was promoted with, or settings rollback`,
        );
      }
      const reason = options.reason ?? `${name}: back to what was before ${promotion.model}`;
      const { check, ...changeOptions } = options;
      const change = async (stored: typeof value) => {
        const patch = rollbackChange(stored, promotion);
        await check?.(stored, patch);
        return patch;
      };
      const { snapshot } = await settings.update(change, { ...changeOptions, reason: reason.slice(0, 1_000) });
      await journal.markRolledBack(promotion.id);
      return { version: snapshot.version, model: modelAfter(promotion) };
    },
  };
}

/** The code of a settings store for a write without an answer. */
const mayBeApplied = (thrown: unknown): boolean =>
  thrown instanceof Error && "code" in thrown && thrown.code === "write_unknown";

/** The model that the settings of the provider name after a rollback; empty: none. */
function modelAfter({ before }: JournalPromotion): string {
  const text = Object.entries(before).find(([place]) => place.startsWith("providers "))?.[1];
  const entry: unknown = text == null ? null : JSON.parse(text);
  return typeof entry === "object" && entry !== null && "model" in entry ? String(entry.model) : "";
}
