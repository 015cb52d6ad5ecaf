import type { SystemSettings } from "@babylon/admin-api/contract";
import { type ReactElement, useId } from "react";
import { describeDifference } from "../words/describe-changes.ts";
import { ActionButton } from "./action-button.tsx";
import { DifferenceTable } from "./difference-table.tsx";
import { useModal } from "./use-modal.ts";

interface RestoreDialogProps {
  readonly version: number;
  /** The settings as they are saved. */
  readonly current: SystemSettings;
  /** The settings of the version. */
  readonly target: SystemSettings;
  readonly restoring: boolean;
  nameOf(provider: string): string;
  onConfirm(): void;
  onClose(): void;
}

/** Confirms a rollback to an earlier version: shows every setting that changes, before and after. */
export function RestoreDialog(props: RestoreDialogProps): ReactElement {
  const { version, current, target, restoring, nameOf, onConfirm, onClose } = props;
  const dialog = useModal();
  const title = useId();
  const differences = describeDifference(current, target, nameOf);
  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>Bring back version {version}?</h2>
      <p>The settings of version {version} replace the current ones, as a new version.</p>
      <DifferenceTable differences={differences} />
      <div className="bm-form-actions">
        <ActionButton className="bm-button bm-button-strong" blocked={restoring} onClick={onConfirm}>
          {restoring ? "Bringing back…" : "Bring back"}
        </ActionButton>
        <button type="button" className="bm-button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
