import type { CurrentSettings } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type ReactElement, useEffect, useId, useRef } from "react";
import type { Draft } from "../edit/draft.ts";
import { type ChangeWords, describeChanges } from "../words/describe-changes.ts";
import { formatAgo } from "../words/format-time.ts";

interface ConflictDialogProps {
  readonly draft: Draft;
  readonly current: CurrentSettings;
  /** Who the visitor is signed in as. */
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
  /** Keys that stand on both sides. */
  readonly shared: ReadonlySet<string>;
}

function ChangeList({ title, changes, shared }: ChangeListProps): ReactElement {
  return (
    <div className="bm-side">
      <h3>{title}</h3>
      {changes.length === 0 && <p className="bm-note">Nothing that differs</p>}
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

/** Somebody else saved first: what they changed, what one has changed oneself, and the way on. */
export function ConflictDialog(props: ConflictDialogProps): ReactElement {
  const { draft, current, actor, now, nameOf, onReapply, onDiscard, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const theirs = describeChanges(diffSettings(draft.base.settings, current.settings), nameOf);
  const mine = describeChanges(diffSettings(draft.base.settings, draft.settings), nameOf);
  const shared = new Set(mine.flatMap(({ key }) => (theirs.some((each) => each.key === key) ? [key] : [])));
  const { updatedBy } = current;
  const who = updatedBy === null || updatedBy === actor ? "Somebody else" : updatedBy;
  const as = updatedBy === actor ? `, signed in as ${actor} too,` : "";
  const when = current.updatedAt === null ? "" : ` ${formatAgo(Date.parse(current.updatedAt), now)}`;

  useEffect(() => {
    const { current: element } = dialog;
    if (element?.open === false) element.showModal();
  }, []);

  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{who} saved first</h2>
      <p>
        {who}
        {as} changed the settings{when}. Yours were not saved, so nothing of theirs is lost.
      </p>
      <div className="bm-sides">
        <ChangeList title={`What ${who === "Somebody else" ? "they" : who} changed`} changes={theirs} shared={shared} />
        <ChangeList title="What you changed" changes={mine} shared={shared} />
      </div>
      {shared.size > 0 && <p className="bm-note">Where both changed the same, reapplying takes yours.</p>}
      <div className="bm-form-actions">
        <button type="button" className="bm-button bm-button-strong" onClick={onReapply}>
          Reapply my changes
        </button>
        <button type="button" className="bm-button" onClick={onDiscard}>
          Discard mine
        </button>
      </div>
    </dialog>
  );
}
