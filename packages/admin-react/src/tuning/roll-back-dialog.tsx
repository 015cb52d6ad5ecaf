import type { SystemSettings, TunedState } from "@babylon/admin-api/contract";
import { applySettingsPatch } from "@babylon/settings-store/patch";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import { DifferenceTable } from "../parts/difference-table.tsx";
import { TextLine } from "../parts/text-line.tsx";
import { useModal } from "../parts/use-modal.ts";
import { describeDifference } from "../words/describe-changes.ts";

interface RollBackDialogProps {
  readonly model: TunedState;
  /** As they are saved. */
  readonly settings: SystemSettings;
  readonly running: boolean;
  readonly failure: RequestFailure | null;
  nameOf(provider: string): string;
  /** @param reason - for the history; empty: none */
  onConfirm(reason: string): void;
  onClose(): void;
}

/** Confirms a rollback of a tuned model: every setting that changes, before and after. */
export function RollBackDialog(props: RollBackDialogProps): ReactElement {
  const { model, settings, running, failure, nameOf, onConfirm, onClose } = props;
  const dialog = useModal();
  const title = useId();
  const [reason, setReason] = useState("");
  const target = model.rollBack === null ? settings : applySettingsPatch(settings, model.rollBack);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!running) onConfirm(reason.trim());
  }
  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>Roll back {model.name}?</h2>
      <p>What the promotion has replaced is restored. Changes that others have made since are kept.</p>
      <DifferenceTable differences={describeDifference(settings, target, nameOf)} />
      <form className="bm-agent-form" onSubmit={onSubmit} noValidate>
        <TextLine label="Reason" value={reason} note="For the history. It may be empty." onChange={setReason} />
        {failure !== null && (
          <p className="bm-problem" role="alert">
            Not rolled back: {failure.message}.
          </p>
        )}
        <div className="bm-form-actions">
          <button type="submit" className="bm-button bm-button-strong" aria-disabled={running}>
            {running ? "Rolling back…" : "Roll back"}
          </button>
          <button type="button" className="bm-button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
