import type { AdminData, SavedData } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import { formatClock } from "../words/format-time.ts";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";

interface PageNoticesProps {
  readonly data: AdminData;
  readonly failure: RequestFailure | null;
  readonly readAt: number;
  readonly saved: SavedData | null;
  readonly rollBackFailure: RequestFailure | null;
  readonly undoing: boolean;
  readonly canUndo: boolean;
  onUndo(version: number): void;
  onDismiss(): void;
}

/** What there is to say about the page: lost connection, saved, warnings. */
export function PageNotices(props: PageNoticesProps): ReactElement {
  const { data, failure, readAt, saved, rollBackFailure, undoing, canUndo, onUndo, onDismiss } = props;
  const version = saved?.version ?? null;
  const warnings = [...new Set([...(saved?.warnings ?? []), ...data.warnings])];
  const dismiss = (
    <button type="button" className="bm-icon-button" aria-label="Dismiss" onClick={onDismiss}>
      <Icon name="cross" />
    </button>
  );

  return (
    <div className="bm-notices" aria-live="polite">
      {failure !== null && (
        <Notice tone="bad" icon={failure.kind === "offline" ? "offline" : "alert"}>
          {failure.kind === "offline" ? "The server cannot be reached." : `The latest look failed: ${failure.message}.`}{" "}
          This is what it said at {formatClock(readAt, Date.now())}; the page keeps trying.
        </Notice>
      )}
      {rollBackFailure !== null && (
        <Notice tone="bad" icon="alert" actions={dismiss}>
          Not undone: {rollBackFailure.message.split(". Send force")[0]}.
        </Notice>
      )}
      {saved !== null && rollBackFailure === null && (
        <Notice
          tone="good"
          icon="check"
          actions={
            <>
              {version !== null && version > 0 && canUndo && (
                <button type="button" className="bm-text-button" disabled={undoing} onClick={() => onUndo(version - 1)}>
                  {undoing ? "Undoing…" : "Undo"}
                </button>
              )}
              {dismiss}
            </>
          }
        >
          Saved{version === null ? "" : ` as version ${version}`}. Every process uses it from its next call on.
        </Notice>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn" icon="alert">
          <span className="bm-break">{warning}</span>
        </Notice>
      ))}
    </div>
  );
}
