import { type ReactElement, useId } from "react";
import { type ExperimentForm, type FormProblems, neededFor, RECORD_METRIC_NAMES } from "../edit/experiment-form.ts";
import { TextLine } from "../parts/text-line.tsx";
import { formatCount } from "../words/format-count.ts";
import { SelectLine } from "./select-line.tsx";

interface StepMetricProps {
  readonly form: ExperimentForm;
  readonly problems: FormProblems;
  onChange(part: Partial<ExperimentForm>): void;
}

const OWN = "own";

/** Step 2: what decides, and how many units it takes. */
export function StepMetric({ form, problems, onChange }: StepMetricProps): ReactElement {
  const isOwn = !RECORD_METRIC_NAMES.includes(form.metric);
  const needed = neededFor(form);
  const pause = useId();
  return (
    <>
      <SelectLine
        label="Metric"
        value={isOwn ? OWN : form.metric}
        onChange={(value) =>
          onChange(
            value === OWN ? { metric: "accepted", direction: "up" } : { metric: value, direction: "down", rate: "" },
          )
        }
      >
        <option value={OWN}>One that the application observes</option>
        {RECORD_METRIC_NAMES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectLine>
      {isOwn && (
        <TextLine
          label="Name of the metric"
          value={form.metric}
          problem={problems.metric}
          note="As in observe({ callId, metric, value })."
          onChange={(metric) => onChange({ metric })}
        />
      )}
      <SelectLine
        label="Better is"
        value={form.direction}
        onChange={(value) => onChange({ direction: value === "up" ? "up" : "down" })}
      >
        <option value="up">more</option>
        <option value="down">less</option>
      </SelectLine>
      {!form.keepsArms && <SizeLines form={form} problems={problems} onChange={onChange} />}
      <div className="bm-form-line">
        <span className="bm-form-label">If an arm does harm</span>
        <label htmlFor={pause} className="bm-check">
          <input
            id={pause}
            type="checkbox"
            checked={form.pauseHarmful}
            onChange={({ target }) => onChange({ pauseHarmful: target.checked })}
          />{" "}
          pause it by itself
        </label>
      </div>
      <p className="bm-note" role="status">
        {needed !== null
          ? `Takes ${formatCount(needed.units)} units: ${formatCount(needed.control)} for the control and ${formatCount(needed.arm)} for the new arm, ${formatCount(needed.calls)} calls.`
          : form.keepsArms
            ? "The number of planned units stays as it is."
            : "The number of units that it takes is not known without a rate."}
      </p>
    </>
  );
}

/** What the number of units follows from. */
function SizeLines({ form, problems, onChange }: StepMetricProps): ReactElement {
  return (
    <>
      <TextLine
        label="Rate of the control, percent"
        value={form.rate}
        problem={problems.rate}
        note="Of a metric of yes and no; leave it empty for others."
        onChange={(rate) => onChange({ rate })}
      />
      <TextLine
        label="Difference to be found, points"
        value={form.difference}
        problem={problems.difference}
        onChange={(difference) => onChange({ difference })}
      />
      {form.unit !== "call" && (
        <TextLine
          label={`Calls of one ${form.unit}`}
          value={form.callsPerUnit}
          problem={problems.callsPerUnit}
          onChange={(callsPerUnit) => onChange({ callsPerUnit })}
        />
      )}
    </>
  );
}
