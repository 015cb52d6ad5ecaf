import { diffSettings } from "@babylon/settings-store/patch";
import type { ReactElement } from "react";
import type { Editing } from "../data/use-editing.ts";
import type { Test } from "../data/use-test.ts";
import { describeChanges } from "../words/describe-changes.ts";
import { ChangesBar } from "./changes-bar.tsx";
import { ConflictDialog } from "./conflict-dialog.tsx";

interface UnsavedChangesProps {
  readonly editing: Editing;
  /** `null`: changes cannot be tested here. */
  readonly test: Test | null;
  readonly offline: boolean;
  /** The name of the visitor. */
  readonly actor: string;
  readonly now: number;
  nameOf(provider: string): string;
  refresh(): void;
}

/** The bar with the unsaved changes, and the dialog after a conflict. Nothing without changes. */
export function UnsavedChanges(props: UnsavedChangesProps): ReactElement | null {
  const { editing, test, offline, actor, now, nameOf, refresh } = props;
  const { draft, base, settings, conflict } = editing;
  if (draft === null) return null;
  return (
    <>
      <ChangesBar
        changes={describeChanges(diffSettings(base, settings), nameOf, base)}
        saving={editing.saving}
        offline={offline}
        failure={editing.failure}
        test={test}
        reason={editing.reason}
        nameOf={nameOf}
        onReason={editing.setReason}
        onSave={(force) => editing.save({ force })}
        onDiscard={() => {
          editing.discard();
          test?.dismiss();
        }}
        onTest={() => test?.run({ settings })}
      />
      {conflict !== null && (
        <ConflictDialog
          draft={draft}
          current={conflict}
          actor={actor}
          now={now}
          nameOf={nameOf}
          onReapply={() => {
            editing.reapply();
            refresh();
          }}
          onDiscard={() => {
            editing.discard();
            refresh();
          }}
          onClose={editing.closeConflict}
        />
      )}
    </>
  );
}
