import type { ExperimentSettings, SettingsPatch } from "@babylon/admin-api/contract";
import { type AudienceForm, toAudience, toAudienceForm } from "./audience-form.ts";
import { type ExperimentForm, neededFor, newExperimentForm, shareOf } from "./experiment-form.ts";

/** A change of one experiment. */
export type ExperimentEdit = NonNullable<NonNullable<SettingsPatch["experiments"]>[string]>;
type Audience = NonNullable<ExperimentSettings["audience"]>;
type Arm = ExperimentSettings["arms"][number];

const CONTROL_FIELDS: readonly string[] = ["id", "weight"];
const ARM_FIELDS: readonly string[] = [...CONTROL_FIELDS, "provider", "model"];

const hasOnly = (arm: Arm, fields: readonly string[]): boolean =>
  Object.entries(arm).every(([field, value]) => value === undefined || fields.includes(field));

/** The two arms of an experiment that the form can edit; `null`: it has others. */
function plainArms({ arms }: ExperimentSettings): readonly [control: Arm, arm: Arm] | null {
  const [control, arm, ...others] = arms;
  if (control === undefined || arm?.provider === undefined || others.length > 0) return null;
  return hasOnly(control, CONTROL_FIELDS) && hasOnly(arm, ARM_FIELDS) ? [control, arm] : null;
}

/** The inputs of an existing experiment. Of its size only the number of units is stored, so its rate is empty. Pure. */
export function toExperimentForm(id: string, experiment: ExperimentSettings, provider: string): ExperimentForm {
  const { unit, metric, direction, pauseHarmful = false, audience } = experiment;
  const [, arm] = plainArms(experiment) ?? [];
  return {
    ...newExperimentForm(arm?.provider ?? provider),
    id,
    unit,
    audience: toAudienceForm(audience),
    keepsArms: arm === undefined,
    model: arm?.model ?? null,
    ...(arm === undefined ? {} : { percent: String(arm.weight / 100) }),
    metric,
    direction,
    pauseHarmful,
    rate: "",
  };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const AUDIENCE_FIELDS = ["agents", "purposes", "tenants", "layer", "layerRange"] as const;

/** Only what was changed in the form: a list that it cannot show, such as one without names, stays as it is. */
function audiencePatch(stored: Audience | undefined, form: AudienceForm): ExperimentEdit {
  const before = toAudience(toAudienceForm(stored)) ?? {};
  const after = toAudience(form) ?? {};
  const changed = AUDIENCE_FIELDS.filter((field) => !isSame(before[field], after[field]));
  if (changed.length === 0) return {};
  return { audience: Object.fromEntries(changed.map((field) => [field, after[field] ?? null])) };
}

function armsPatch(experiment: ExperimentSettings, form: ExperimentForm): ExperimentEdit {
  const [control, arm] = plainArms(experiment) ?? [];
  if (form.keepsArms || control === undefined || arm === undefined) return {};
  const { provider, model } = form;
  const isUnchanged = arm.weight === shareOf(form) && arm.provider === provider && (arm.model ?? null) === model;
  if (isUnchanged) return {};
  return {
    arms: [
      { id: control.id, weight: 10_000 - shareOf(form) },
      { id: arm.id, weight: shareOf(form), provider, ...(model === null ? {} : { model }) },
    ],
  };
}

/** The change that a form without problems makes to an experiment: what it does not show stays as it is. Empty: none. Pure. */
export function experimentPatch(experiment: ExperimentSettings, form: ExperimentForm): ExperimentEdit {
  const { unit, metric, direction, pauseHarmful } = form;
  const needed = neededFor(form);
  return {
    ...(unit === experiment.unit ? {} : { unit }),
    ...armsPatch(experiment, form),
    ...audiencePatch(experiment.audience, form.audience),
    ...(metric === experiment.metric ? {} : { metric }),
    ...(direction === experiment.direction ? {} : { direction }),
    ...(needed === null || needed.units === experiment.plannedUnits ? {} : { plannedUnits: needed.units }),
    ...(pauseHarmful === (experiment.pauseHarmful ?? false) ? {} : { pauseHarmful: pauseHarmful ? true : null }),
  };
}

/** Whether a change starts a new version of an experiment, because its results would be mixed with those of other arms. Pure. */
export const startsVersion = ({ state }: ExperimentSettings, patch: ExperimentEdit): boolean =>
  state !== "draft" && (patch.arms !== undefined || patch.unit !== undefined);
