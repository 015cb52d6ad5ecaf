import type { ReactElement } from "react";
import { type ExperimentForm, neededFor } from "../edit/experiment-form.ts";
import { formatCount } from "../words/format-count.ts";

interface StepReviewProps {
  readonly form: ExperimentForm;
  nameOf(provider: string): string;
}

/** Step 3: the experiment in words, before it starts. */
export function StepReview({ form, nameOf }: StepReviewProps): ReactElement {
  const { id, unit, provider, model, percent, metric, direction, pauseHarmful } = form;
  const needed = neededFor(form);
  const link = `${nameOf(provider)}${model === null ? "" : ` with ${model}`}`;
  return (
    <ul className="bm-plain">
      <li>
        {id.trim()}: {percent} % of the {unit}s get {link} first, the others the chain as it is.
      </li>
      <li>
        {direction === "up" ? "More" : "Less"} {metric} is better.
        {metric === "failure" ? "" : " Failures may rise by 2 points at most."}
      </li>
      <li>
        {needed === null
          ? "No number of units is planned."
          : `It is planned for ${formatCount(needed.units)} ${unit}s.`}
      </li>
      <li>
        {pauseHarmful ? "An arm that does harm is paused by itself." : "An arm that does harm is not paused by itself."}
      </li>
      <li>It is a change of the settings, which can be undone.</li>
    </ul>
  );
}
