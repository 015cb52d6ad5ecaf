import type { HistoryItem } from "@babylon/admin-api/contract";
import { type ReactElement, useState } from "react";
import { describeChanges } from "../words/describe-changes.ts";
import { formatAgo } from "../words/format-time.ts";
import { Icon } from "./icon.tsx";

interface HistoryListProps {
  /** Newest first; `undefined` while they load. */
  readonly entries: readonly HistoryItem[] | undefined;
  readonly failed: boolean;
  readonly now: number;
  /** The version that is being brought back. */
  readonly busy: number | null;
  nameOf(provider: string): string;
  /** Brings the settings of a version back. */
  onRollBack(version: number): void;
}

const SHOWN = 8;

/** Who changed what and when; the newest can be undone, older states can be brought back. */
export function HistoryList({ entries, failed, now, busy, nameOf, onRollBack }: HistoryListProps): ReactElement {
  const [all, setAll] = useState(false);
  if (entries === undefined) {
    return <p className="bm-card bm-empty">{failed ? "The history could not be read." : "Loading the history…"}</p>;
  }
  if (entries.length === 0) {
    return <p className="bm-card bm-empty">Nothing was changed yet. What you save stands here and can be undone.</p>;
  }
  const shown = all ? entries : entries.slice(0, SHOWN);

  return (
    <div className="bm-card">
      <ol className="bm-history">
        {shown.map((entry, at) => {
          const { version, at: when, by, reason, patch } = entry;
          const before = entries[at + 1]?.version ?? version - 1;
          const changes = describeChanges(patch, nameOf);
          return (
            <li key={version} className="bm-event" data-version={version}>
              <div className="bm-event-what">
                {changes.length === 0 && <p>Nothing that is shown here</p>}
                {changes.map(({ key, subject, change }) => (
                  <p key={key} className="bm-break">
                    <strong>{subject}</strong>: {change}
                  </p>
                ))}
                <p className="bm-note">
                  {by ?? "Somebody"}, <time dateTime={when}>{formatAgo(Date.parse(when), now)}</time>, version {version}
                  {reason !== null && ` · “${reason}”`}
                </p>
              </div>
              {at === 0 ? (
                <button
                  type="button"
                  className="bm-button"
                  aria-label={`Undo version ${version}`}
                  disabled={busy !== null}
                  onClick={() => onRollBack(before)}
                >
                  <Icon name="undo" />
                  {busy === before ? "Undoing…" : "Undo"}
                </button>
              ) : (
                <button
                  type="button"
                  className="bm-text-button"
                  aria-label={`Bring back version ${version}`}
                  disabled={busy !== null}
                  onClick={() => onRollBack(version)}
                >
                  {busy === version ? "Bringing back…" : "Bring back"}
                </button>
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
    </div>
  );
}
