import type { CurrentSettings } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type ReactElement, useId } from "react";
import type { Draft } from "../edit/draft.ts";
import { type ChangeWords, describeChanges } from "../words/describe-changes.ts";
import { formatAgo } from "../words/format-time.ts";
import { useModal } from "./use-modal.ts";

interface ConflictDialogProps {
  readonly draft: Draft;
  readonly current: CurrentSettings;
  /** The name of the visitor. */
  readonly actor: string;
  readonly now: number;
  nameOf(provider: string): string;
  onReapply(): void;
  onDiscard(): void;
  onClose(): void;
}

interface ChangeListProps {
  readonly title: string;
  readonly changes: readonly ChangeWords[];
  /** Keys of settings that both have changed. */
  readonly shared: ReadonlySet<string>;
}

function ChangeList({ title, changes, shared }: ChangeListProps): ReactElement {
  return (
    <div className="bm-side">
      <h3>{title}</h3>
      {changes.length === 0 && <p className="bm-note">No visible differences</p>}
      <ul>
        {changes.map(({ key, subject, change }) => (
          <li key={key} className="bm-break">
            <strong>{subject}</strong>: {change}
            {shared.has(key) && <span className="bm-tag bm-tag-pending">Both</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Someone else saved first: both changes side by side, and the choice to reapply or to discard. */
export function ConflictDialog(props: ConflictDialogProps): ReactElement {
  const { draft, current, actor, now, nameOf, onReapply, onDiscard, onClose } = props;
  const dialog = useModal();
  const title = useId();
  const { settings: base } = draft.base;
  const theirs = describeChanges(diffSettings(base, current.settings), nameOf, base);
  const mine = describeChanges(diffSettings(base, draft.settings), nameOf, base);
  const shared = new Set(mine.flatMap(({ key }) => (theirs.some((each) => each.key === key) ? [key] : [])));
  const { updatedBy } = current;
  const who = updatedBy === null || updatedBy === actor ? "Someone else" : updatedBy;
  const as = updatedBy === actor ? `, also signed in as ${actor},` : "";
  const when = current.updatedAt === null ? "" : ` ${formatAgo(Date.parse(current.updatedAt), now)}`;

  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{who} saved first</h2>
      <p>
        {who}
        {as} changed the settings{when}. Your changes are not saved yet.
      </p>
      <div className="bm-sides">
        <ChangeList title={`What ${who === "Someone else" ? "they" : who} changed`} changes={theirs} shared={shared} />
        <ChangeList title="What you changed" changes={mine} shared={shared} />
      </div>
      {shared.size > 0 && <p className="bm-note">Where both changed the same setting, reapplying uses your value.</p>}
      <div className="bm-form-actions">
        <button type="button" className="bm-button bm-button-strong" onClick={onReapply}>
          Reapply my changes
        </button>
        <button type="button" className="bm-button" onClick={onDiscard}>
          Discard my changes
        </button>
      </div>
    </dialog>
  );
}
