import type { HistoryItem, SystemSettings } from "@babylon/admin-api/contract";
import { type ReactElement, useState } from "react";
import { describeChanges } from "../words/describe-changes.ts";
import { formatAgo } from "../words/format-time.ts";
import { ActionButton } from "./action-button.tsx";
import { ChangeLines } from "./change-lines.tsx";
import { Icon } from "./icon.tsx";
import { useReadOnly } from "./read-only.ts";
import { RestoreDialog } from "./restore-dialog.tsx";

interface HistoryListProps {
  /** Newest first; `undefined` while they load. */
  readonly entries: readonly HistoryItem[] | undefined;
  readonly failed: boolean;
  readonly now: number;
  /** The settings as they are saved. */
  readonly current: SystemSettings;
  /** The version that is being restored. */
  readonly restoring: number | null;
  /** Nothing can be restored now. */
  readonly blocked: boolean;
  nameOf(provider: string): string;
  /** Restores the settings of a version. Calls back when it has ended, well or not. */
  onRollBack(version: number, onEnd: () => void): void;
}

const SHOWN = 8;

/** Who changed what and when. The latest change can be undone, earlier versions can be restored. */
export function HistoryList(props: HistoryListProps): ReactElement {
  const { entries, failed, now, current, restoring, blocked, nameOf, onRollBack } = props;
  const readOnly = useReadOnly();
  const [all, setAll] = useState(false);
  const [toRestore, setToRestore] = useState<HistoryItem | null>(null);
  if (entries === undefined) {
    return <p className="bm-card bm-empty">{failed ? "The history could not be read." : "Loading the history…"}</p>;
  }
  if (entries.length === 0) {
    return <p className="bm-card bm-empty">No changes yet. Saved changes are listed here and can be undone.</p>;
  }
  const rows = all ? entries : entries.slice(0, SHOWN);
  const isBlocked = blocked || readOnly || restoring !== null;

  return (
    <div className="bm-card">
      <ol className="bm-history">
        {rows.map((entry, at) => {
          const { version, at: when, by, reason, patch } = entry;
          const { version: before = version - 1, settings: settingsBefore } = entries[at + 1] ?? {};
          const changes = describeChanges(patch, nameOf, settingsBefore);
          return (
            <li key={version} className="bm-event" data-version={version}>
              <div className="bm-event-what">
                <ChangeLines changes={changes} />
                <p className="bm-note">
                  {by ?? "unknown actor"}, <time dateTime={when}>{formatAgo(Date.parse(when), now)}</time>, version{" "}
                  {version}
                  {reason !== null && ` · “${reason}”`}
                </p>
              </div>
              {at === 0 ? (
                <ActionButton
                  className="bm-button"
                  aria-label={`Undo version ${version}`}
                  blocked={isBlocked}
                  onClick={() => onRollBack(before, () => {})}
                >
                  <Icon name="undo" />
                  {restoring === before ? "Undoing…" : "Undo"}
                </ActionButton>
              ) : (
                <ActionButton
                  className="bm-text-button"
                  aria-label={`Bring back version ${version}`}
                  blocked={isBlocked}
                  onClick={() => setToRestore(entry)}
                >
                  Bring back
                </ActionButton>
              )}
            </li>
          );
        })}
      </ol>
      {entries.length > SHOWN && (
        <div className="bm-card-foot">
          <button type="button" className="bm-text-button" onClick={() => setAll(!all)}>
            {all ? "Show fewer" : `Show all ${entries.length}`}
          </button>
        </div>
      )}
      {toRestore !== null && (
        <RestoreDialog
          version={toRestore.version}
          current={current}
          target={toRestore.settings}
          restoring={restoring !== null}
          nameOf={nameOf}
          onConfirm={() => onRollBack(toRestore.version, () => setToRestore(null))}
          onClose={() => setToRestore(null)}
        />
      )}
    </div>
  );
}
