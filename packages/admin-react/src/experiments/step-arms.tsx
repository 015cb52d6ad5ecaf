import type { AdminData, ExperimentSettings, ProviderModels } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import type { ExperimentForm, FormProblems } from "../edit/experiment-form.ts";
import { ModelPicker } from "../parts/model-picker.tsx";
import { TextLine } from "../parts/text-line.tsx";
import { SelectLine } from "./select-line.tsx";

interface StepArmsProps {
  readonly form: ExperimentForm;
  readonly problems: FormProblems;
  readonly data: AdminData;
  onChange(part: Partial<ExperimentForm>): void;
}

const NO_MODELS: ProviderModels = { models: [], retired: {}, listedAt: null };
const UNITS: readonly ExperimentSettings["unit"][] = ["agent", "session", "call"];
const UNIT_WORDS: Readonly<Record<ExperimentSettings["unit"], string>> = {
  agent: "Agents: each agent keeps its arm",
  session: "Sessions: each session keeps its arm",
  call: "Calls: for calls that remember nothing",
};

/** Step 1: what is compared, and who takes part. */
export function StepArms({ form, problems, data, onChange }: StepArmsProps): ReactElement {
  const { provider, model, unit } = form;
  const overview = data.overview.find((each) => each.provider === provider);
  return (
    <>
      <p className="bm-note">The control is the chain as it is. The new arm begins with another provider or model.</p>
      <TextLine label="Name" value={form.id} problem={problems.id} onChange={(id) => onChange({ id })} />
      <SelectLine
        label="Units"
        value={unit}
        onChange={(value) => onChange({ unit: UNITS.find((each) => each === value) ?? unit })}
      >
        {UNITS.map((each) => (
          <option key={each} value={each}>
            {UNIT_WORDS[each]}
          </option>
        ))}
      </SelectLine>
      <SelectLine
        label="Provider of the new arm"
        value={provider}
        onChange={(next) => onChange({ provider: next, model: null })}
      >
        {data.overview.map((each) => (
          <option key={each.provider} value={each.provider}>
            {each.name}
            {each.configured ? "" : " (no key)"}
          </option>
        ))}
      </SelectLine>
      <div className="bm-form-line">
        <span className="bm-form-label">Model of the new arm</span>
        <ModelPicker
          label="Model of the new arm"
          value={model}
          fallback={overview?.model ?? ""}
          models={data.models[provider] ?? NO_MODELS}
          onChoose={(next) => onChange({ model: next })}
        />
      </div>
      <TextLine
        label="Share of the new arm, percent"
        value={form.percent}
        problem={problems.percent}
        note="The others are the control."
        onChange={(percent) => onChange({ percent })}
      />
    </>
  );
}
