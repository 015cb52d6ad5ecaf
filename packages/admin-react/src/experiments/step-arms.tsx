import type { AdminData, ExperimentSettings, ProviderModels } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import type { ExperimentForm, FormProblems } from "../edit/experiment-form.ts";
import { ModelPicker } from "../parts/model-picker.tsx";
import { TextLine } from "../parts/text-line.tsx";
import { AudienceFields } from "./audience-fields.tsx";
import { SelectLine } from "./select-line.tsx";

interface StepArmsProps {
  readonly form: ExperimentForm;
  readonly problems: FormProblems;
  readonly data: AdminData;
  /** The experiment that is edited; `null`: a new one. */
  readonly edited: ExperimentSettings | null;
  readonly client: AdminClient;
  readonly queries: QueryClient;
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
export function StepArms(props: StepArmsProps): ReactElement {
  const { form, problems, data, edited, client, queries, onChange } = props;
  const { unit, audience } = form;
  return (
    <>
      <TextLine
        label="Name"
        value={form.id}
        problem={problems.id}
        readOnly={edited !== null}
        onChange={(id) => onChange({ id })}
      />
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
      {edited !== null && form.keepsArms ? (
        <p className="bm-note">
          The arms stay as they are: {edited.arms.map(({ id }) => id).join(", ")}. <code>settings set --patch</code> of
          the command line changes arms of this kind.
        </p>
      ) : (
        <NewArm form={form} problems={problems} data={data} onChange={onChange} />
      )}
      <AudienceFields
        audience={audience}
        problems={problems}
        settings={data.settings}
        hasRecords={data.records}
        client={client}
        queries={queries}
        onChange={(part) => onChange({ audience: { ...audience, ...part } })}
      />
    </>
  );
}

/** The arm that is compared with the control. */
function NewArm({
  form,
  problems,
  data,
  onChange,
}: Pick<StepArmsProps, "form" | "problems" | "data" | "onChange">): ReactElement {
  const { provider, model } = form;
  const overview = data.overview.find((each) => each.provider === provider);
  return (
    <>
      <p className="bm-note">The control is the chain as it is. The new arm begins with another provider or model.</p>
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
