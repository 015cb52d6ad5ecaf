import type { EvaluationSummary, JobSummary, PromoteBody, SystemSettings } from "@babylon/admin-api/contract";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import { DifferenceTable } from "../parts/difference-table.tsx";
import { TextLine } from "../parts/text-line.tsx";
import { useModal } from "../parts/use-modal.ts";
import { describeDifference } from "../words/describe-changes.ts";

interface PromoteDialogProps {
  readonly job: JobSummary;
  readonly model: string;
  /** Of this model, newest first. */
  readonly evaluations: readonly EvaluationSummary[];
  /** As they are saved. */
  readonly settings: SystemSettings;
  readonly running: boolean;
  readonly failure: RequestFailure | null;
  nameOf(provider: string): string;
  onConfirm(body: PromoteBody): void;
  onClose(): void;
}

const namesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  ),
];

/** The settings after a promotion, as far as the chain reads them. Pure. */
export function settingsWith(
  settings: SystemSettings,
  provider: string,
  model: string,
  agents: readonly string[],
): SystemSettings {
  if (agents.length > 0) {
    const changed = Object.fromEntries(agents.map((agent) => [agent, { provider, model }]));
    return { ...settings, agents: { ...settings.agents, ...changed } };
  }
  return { ...settings, providers: { ...settings.providers, [provider]: { ...settings.providers[provider], model } } };
}

/** Confirms a promotion: what changes, for whom, and why without a good evaluation. */
export function PromoteDialog(props: PromoteDialogProps): ReactElement {
  const { job, model, evaluations, settings, running, failure, nameOf, onConfirm, onClose } = props;
  const dialog = useModal();
  const title = useId();
  const [agentText, setAgentText] = useState("");
  const [force, setForce] = useState("");
  const [tried, setTried] = useState(false);
  const better = evaluations.find(({ report }) => report.verdict === "better");
  const [latest] = evaluations;
  const agents = namesIn(agentText);
  const needsReason = better === undefined && force.trim() === "";

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (needsReason || running) return;
    onConfirm({
      job: job.id,
      model,
      ...(better === undefined ? { force: force.trim() } : { evaluation: better.id }),
      ...(agents.length === 0 ? {} : { agents }),
    });
  }
  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>Promote {job.name}?</h2>
      <p>
        {nameOf(job.trainer)} answers with this model from then on. One short call loads it before, which may take a
        minute; if it does not answer, nothing changes. You can roll it back.
      </p>
      <p className="bm-note">
        {better !== undefined
          ? `Its evaluation says “better”: ${better.report.why}.`
          : latest === undefined
            ? "This model was not evaluated."
            : `Its evaluation says “${latest.report.verdict}”: ${latest.report.why}.`}
      </p>
      <DifferenceTable
        differences={describeDifference(settings, settingsWith(settings, job.trainer, model, agents), nameOf)}
      />
      <form className="bm-agent-form" onSubmit={onSubmit} noValidate>
        <TextLine
          label="Only for agents"
          value={agentText}
          note="Names with commas between them. Empty: all calls that the provider serves."
          onChange={setAgentText}
        />
        {better === undefined && (
          <TextLine
            label="Reason"
            value={force}
            problem={
              tried && needsReason
                ? "Needed without an evaluation that says “better”; it is in the history."
                : undefined
            }
            onChange={setForce}
          />
        )}
        {failure !== null && (
          <p className="bm-problem" role="alert">
            Not promoted: {failure.message}.
          </p>
        )}
        <div className="bm-form-actions">
          <button type="submit" className="bm-button bm-button-strong" aria-disabled={running}>
            {running ? "Loading the model…" : "Promote"}
          </button>
          <button type="button" className="bm-button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
