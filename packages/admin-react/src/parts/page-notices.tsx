import type { AdminData, ServiceStatus } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import type { Changes, SavedChange } from "../data/use-changes.ts";
import { formatClock } from "../words/format-time.ts";
import { ActionButton } from "./action-button.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { useReadOnly } from "./read-only.ts";

interface PageNoticesProps {
  readonly data: AdminData;
  readonly failure: RequestFailure | null;
  readonly readAt: number;
  readonly changes: Changes;
  /** Of the page and of the latest change. Default: shown. */
  readonly withWarnings?: boolean;
}

/** How long a saved change is confirmed; after that the head and the history have it. */
const CONFIRMED_MS = 60_000;

/** Whether a saved change is still confirmed: not when others have saved since, nor when calls are lost that were served before. Pure. */
export function isConfirmed(
  { saved, atEpochMs }: SavedChange,
  { version, status }: Pick<AdminData, "version"> & { readonly status: Pick<ServiceStatus, "state" | "losses"> },
  nowEpochMs: number,
): boolean {
  const isLatest = version === null || saved.version === null || version <= saved.version;
  if (!isLatest || nowEpochMs - atEpochMs >= CONFIRMED_MS) return false;
  if (status.state !== "outage" || status.losses === null || saved.updatedAt === null) return true;
  return Date.parse(saved.updatedAt) >= status.losses.sinceEpochMs;
}

/** Why the latest refresh failed, in words. */
function describeFailure({ kind, message }: RequestFailure): string {
  if (kind === "offline") return "The server cannot be reached.";
  return kind === "forbidden"
    ? "Read-only: the server refuses to refresh the page."
    : `The refresh failed: ${message}.`;
}

/** Messages about the page: connection, permission, saved changes, warnings. */
export function PageNotices(props: PageNoticesProps): ReactElement {
  const { data, failure, readAt, changes, withWarnings = true } = props;
  const { saved: change, rollBack, forbidden, editing } = changes;
  const { failure: rollBackFailure } = rollBack;
  const undoing = rollBack.running !== null;
  const readOnly = useReadOnly();
  const saved = change !== null && isConfirmed(change, data, Date.now()) ? change.saved : null;
  const version = saved?.version ?? null;
  const warnings = withWarnings ? [...new Set([...(saved?.warnings ?? []), ...data.warnings])] : [];
  const isWell = data.status.state === "ok" || data.status.state === "idle";
  const dismiss = (
    <button type="button" className="bm-icon-button" aria-label="Dismiss" onClick={changes.dismiss}>
      <Icon name="cross" />
    </button>
  );
  const unlock = (
    <button type="button" className="bm-text-button" onClick={changes.unlock}>
      Try again
    </button>
  );

  return (
    <div className="bm-notices" aria-live="polite">
      {failure !== null && (
        <Notice tone="bad" icon={failure.kind === "offline" ? "offline" : "alert"}>
          {describeFailure(failure)} The page shows the data of {formatClock(readAt, Date.now())} and keeps trying.
        </Notice>
      )}
      {readOnly && failure?.kind !== "forbidden" && (
        <Notice tone="warn" icon="lock" actions={forbidden === null ? undefined : unlock}>
          <strong>Read-only.</strong>{" "}
          {forbidden === null
            ? "You may see this page, but not change settings or run tests."
            : `The server refused the request: ${forbidden.message}. Unsaved changes are kept.`}
        </Notice>
      )}
      {rollBackFailure !== null && rollBackFailure !== forbidden && (
        <Notice tone="bad" icon="alert" actions={dismiss}>
          Not restored: {rollBackFailure.message.split(". Send force")[0]}.
        </Notice>
      )}
      {saved !== null && rollBackFailure === null && (
        <Notice
          tone={isWell ? "good" : "neutral"}
          icon="check"
          actions={
            <>
              {version !== null && version > 0 && editing.draft === null && (
                <ActionButton
                  className="bm-text-button"
                  blocked={undoing || readOnly}
                  onClick={() => rollBack.run(version - 1)}
                >
                  {undoing ? "Undoing…" : "Undo"}
                </ActionButton>
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
