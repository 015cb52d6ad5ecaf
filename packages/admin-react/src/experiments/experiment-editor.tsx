import type { AdminData, ExperimentSettings } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { type AudienceProblems, refusedFields } from "../edit/audience-form.ts";
import { type ExperimentEdit, experimentPatch } from "../edit/edit-experiment.ts";
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

interface ExperimentEditorProps {
  readonly draft: ExperimentDraft;
  readonly data: AdminData;
  /** The names of all experiments. */
  readonly taken: readonly string[];
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  /** @param edited - the experiment as it was; `null`: a new one */
  onSave(id: string, patch: ExperimentEdit, edited: ExperimentSettings | null): Promise<void>;
  onDraft(draft: ExperimentDraft): void;
  onDiscard(): void;
}

/** The form of a new experiment, or of one that is edited, in three steps. */
export function ExperimentEditor(props: ExperimentEditorProps): ReactElement {
  const { draft, data, taken, client, queries, nameOf, onSave, onDraft, onDiscard } = props;
  const { form, step, edited } = draft;
  const setStep = (next: number) => onDraft({ ...draft, step: next });
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [refused, setRefused] = useState<AudienceProblems>({});
  const element = useRef<HTMLFormElement>(null);
  const title = useId();
  const problems = problemsOf(form, step, edited === null ? taken : []);
  const shown = { ...(step === 0 ? refused : {}), ...(tried ? problems : {}) };
  const isLast = step === FORM_STEPS.length - 1;
  function change(part: Partial<ExperimentForm>): void {
    setRefused({});
    onDraft({ ...draft, form: { ...form, ...part } });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its first field
  useEffect(
    () => element.current?.querySelector<HTMLElement>(":is(input, select, textarea):not([readonly])")?.focus(),
    [step],
  );

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) {
      // After the messages are on the page.
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (isLast) void save("running");
    else {
      setStep(step + 1);
      setTried(false);
    }
  }

  async function save(state: "draft" | "running"): Promise<void> {
    setSaving(true);
    setFailure(null);
    try {
      const patch = edited === null ? toExperiment(form, state) : experimentPatch(edited, form);
      await onSave(form.id.trim(), patch, edited);
    } catch (thrown) {
      const { message, reply } = toRequestFailure(thrown);
      const fields = refusedFields(reply?.issues);
      setFailure(message);
      setRefused(fields);
      setSaving(false);
      if (Object.keys(fields).length > 0) setStep(0);
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
      <h2 id={title} className="bm-break">
        {edited === null ? "New experiment" : `Edit ${form.id}`}, step {step + 1} of {FORM_STEPS.length}:{" "}
        {FORM_STEPS[step]}
      </h2>
      {step === 0 && (
        <StepArms
          form={form}
          problems={shown}
          data={data}
          edited={edited}
          client={client}
          queries={queries}
          onChange={change}
        />
      )}
      {step === 1 && <StepMetric form={form} problems={shown} onChange={change} />}
      {step === 2 && <StepReview form={form} edited={edited} nameOf={nameOf} />}
      {failure !== null && (
        <p className="bm-problem" role="alert">
          The experiment was not saved: {failure}.
        </p>
      )}
      <div className="bm-form-actions">
        <button type="submit" className="bm-button bm-button-strong" aria-disabled={saving}>
          {!isLast ? "Next" : edited !== null ? (saving ? "Saving…" : "Save") : saving ? "Starting…" : "Start"}
        </button>
        {isLast && edited === null && (
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
