import type { ExperimentSettings } from "@babylon/admin-api/contract";
import { audienceText } from "@babylon/experiments/contract";
import type { ReactElement } from "react";
import { toAudience } from "../edit/audience-form.ts";
import { experimentPatch, startsVersion } from "../edit/edit-experiment.ts";
import { type ExperimentForm, neededFor } from "../edit/experiment-form.ts";
import { formatCount } from "../words/format-count.ts";

interface StepReviewProps {
  readonly form: ExperimentForm;
  /** The experiment that is edited; `null`: a new one. */
  readonly edited: ExperimentSettings | null;
  nameOf(provider: string): string;
}

function plannedText(form: ExperimentForm, edited: ExperimentSettings | null): string {
  const units = neededFor(form)?.units ?? edited?.plannedUnits;
  return units === undefined
    ? "No number of units is planned."
    : `It is planned for ${formatCount(units)} ${form.unit}s.`;
}

/** Step 3: the experiment in words, before it is saved. */
export function StepReview({ form, edited, nameOf }: StepReviewProps): ReactElement {
  const { id, unit, provider, model, percent, metric, direction, pauseHarmful, keepsArms } = form;
  const link = `${nameOf(provider)}${model === null ? "" : ` with ${model}`}`;
  return (
    <ul className="bm-plain">
      <li>
        {keepsArms
          ? `${id.trim()}: the arms stay as they are, of ${unit}s.`
          : `${id.trim()}: ${percent} % of the ${unit}s get ${link} first, the others the chain as it is.`}
      </li>
      <li className="bm-break">Audience: {audienceText(toAudience(form.audience))}.</li>
      <li>
        {direction === "up" ? "More" : "Less"} {metric} is better.
        {metric === "failure" || edited !== null ? "" : " Failures may rise by 2 points at most."}
      </li>
      <li>{plannedText(form, edited)}</li>
      <li>
        {pauseHarmful ? "An arm that does harm is paused by itself." : "An arm that does harm is not paused by itself."}
      </li>
      {edited !== null && startsVersion(edited, experimentPatch(edited, form)) && (
        <li>Other arms or units start a new version of the experiment: its results so far are not mixed with it.</li>
      )}
      <li>It is a change of the settings, which can be undone.</li>
    </ul>
  );
}
