import type { AdminData, ExperimentSettings } from "@babylon/admin-api/contract";
import { type FormEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { toRequestFailure } from "../data/request-failure.ts";
import {
  type ExperimentDraft,
  type ExperimentForm,
  FORM_STEPS,
  problemsOf,
  toExperiment,
} from "../edit/experiment-form.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { StepArms } from "./step-arms.tsx";
import { StepMetric } from "./step-metric.tsx";
import { StepReview } from "./step-review.tsx";

interface NewExperimentProps {
  readonly draft: ExperimentDraft;
  readonly data: AdminData;
  /** The names of other experiments. */
  readonly taken: readonly string[];
  nameOf(provider: string): string;
  onSave(id: string, experiment: ExperimentSettings, reason: string): Promise<void>;
  onDraft(draft: ExperimentDraft): void;
  onDiscard(): void;
}

/** The form of a new experiment, in three steps. */
export function NewExperiment(props: NewExperimentProps): ReactElement {
  const { draft, data, taken, nameOf, onSave, onDraft, onDiscard } = props;
  const { form, step } = draft;
  const setStep = (next: number) => onDraft({ form, step: next });
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const title = useId();
  const problems = problemsOf(form, step, taken);
  const shown = tried ? problems : {};
  const change = (part: Partial<ExperimentForm>) => onDraft({ form: { ...form, ...part }, step });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its first field
  useEffect(() => element.current?.querySelector<HTMLElement>("input, select")?.focus(), [step]);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    if (step === FORM_STEPS.length - 1) void save("running");
    else {
      setStep(step + 1);
      setTried(false);
    }
  }

  async function save(state: "draft" | "running"): Promise<void> {
    setSaving(true);
    setFailure(null);
    try {
      const id = form.id.trim();
      await onSave(id, toExperiment(form, state), `new experiment ${id}`);
    } catch (thrown) {
      setFailure(toRequestFailure(thrown).message);
      setSaving(false);
    }
  }

  return (
    <form
      className="bm-agent-form bm-experiment-form bm-card"
      ref={element}
      onSubmit={onSubmit}
      aria-labelledby={title}
      noValidate
    >
      <h2 id={title}>
        New experiment, step {step + 1} of {FORM_STEPS.length}: {FORM_STEPS[step]}
      </h2>
      {step === 0 && <StepArms form={form} problems={shown} data={data} onChange={change} />}
      {step === 1 && <StepMetric form={form} problems={shown} onChange={change} />}
      {step === 2 && <StepReview form={form} nameOf={nameOf} />}
      {failure !== null && (
        <p className="bm-problem" role="alert">
          The experiment was not saved: {failure}.
        </p>
      )}
      <div className="bm-form-actions">
        <button type="submit" className="bm-button bm-button-strong" aria-disabled={saving}>
          {step < FORM_STEPS.length - 1 ? "Next" : saving ? "Starting…" : "Start"}
        </button>
        {step === FORM_STEPS.length - 1 && (
          <ActionButton className="bm-button" blocked={saving} onClick={() => void save("draft")}>
            Save as draft
          </ActionButton>
        )}
        {step > 0 && (
          <ActionButton className="bm-button" blocked={saving} onClick={() => setStep(step - 1)}>
            Back
          </ActionButton>
        )}
        <button type="button" className="bm-button" onClick={onDiscard}>
          Discard
        </button>
      </div>
    </form>
  );
}
