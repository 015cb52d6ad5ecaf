import type { BudgetWindow, WindowSpenders } from "@babylon/admin-api/contract";
import { type ReactElement, type ReactNode, useId, useState } from "react";
import type { PageRule } from "../edit/budget-rules.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { describeRule } from "../words/describe-rule.ts";
import { WindowCard } from "./window-card.tsx";

/** What the rows of windows need. */
export interface WindowsView {
  readonly spenders: readonly WindowSpenders[] | null;
  /** Keys of windows whose spenders are shown. */
  readonly open: readonly string[];
  readonly hasRecords: boolean;
  nameOf(provider: string): string;
  onOpen(key: string, open: boolean): void;
  onWriteOff(window: BudgetWindow): void;
}

interface RuleCardProps {
  readonly entry: PageRule;
  /** Its current windows, the most used first. */
  readonly windows: readonly BudgetWindow[];
  readonly view: WindowsView;
  /** The open form of this rule. */
  readonly editor: ReactNode;
  onEdit(): void;
  onPause(paused: boolean): void;
  onRemove(): void;
}

const SHOWN = 5;
const MORE = 50;

function tagsOf({ source, replaces, unsaved, rule }: PageRule): readonly string[] {
  return [
    source === "code" ? "In code" : replaces ? "Replaces the code’s rule" : "In the settings",
    ...(rule.paused ? ["Paused"] : rule.atLimit === "warn" ? ["Refuses nothing"] : []),
    ...(unsaved ? ["Unsaved"] : []),
  ];
}

/** A rule with its windows. */
export function RuleCard(props: RuleCardProps): ReactElement {
  const { entry, windows, view, editor, onEdit, onPause, onRemove } = props;
  const { rule, source, replaces, unsaved } = entry;
  const readOnly = useReadOnly();
  const title = useId();
  const [shown, setShown] = useState(SHOWN);
  const paused = rule.paused ?? false;
  const action = (name: string, text: string, run: () => void) => (
    <ActionButton
      className="bm-text-button"
      data-action={name}
      aria-label={`${text}: ${rule.id}`}
      blocked={readOnly}
      onClick={run}
    >
      {text}
    </ActionButton>
  );

  return (
    <article className="bm-card bm-budget" data-rule={rule.id} aria-labelledby={title}>
      <div className="bm-budget-head">
        <h3 className="bm-mono bm-break" id={title}>
          {rule.id}
        </h3>
        {tagsOf(entry).map((tag) => (
          <span key={tag} className={`bm-tag${tag === "Unsaved" ? " bm-tag-pending" : ""}`}>
            {tag}
          </span>
        ))}
        <div className="bm-budget-actions">
          {action("edit", "Edit", onEdit)}
          {action("pause", paused ? "Resume" : "Pause", () => onPause(!paused))}
          {source === "settings" && action("remove", replaces ? "Use the code’s rule" : "Remove", onRemove)}
        </div>
      </div>
      <p className="bm-note bm-break">{describeRule(rule, view.nameOf)}</p>
      {editor}
      {windows.length === 0 ? (
        <p className="bm-note">{unsaved ? "It counts from when it is saved." : "Nothing has been counted yet."}</p>
      ) : (
        <ul className="bm-windows-list" aria-label={`Windows of ${rule.id}`}>
          {windows.slice(0, shown).map((window) => (
            <WindowCard
              key={window.key}
              window={window}
              spenders={view.spenders?.find(({ key }) => key === window.key)}
              open={view.open.includes(window.key)}
              hasRecords={view.hasRecords}
              nameOf={view.nameOf}
              onOpen={view.onOpen}
              onWriteOff={view.onWriteOff}
            />
          ))}
        </ul>
      )}
      {windows.length > shown && (
        <button type="button" className="bm-text-button" onClick={() => setShown(shown + MORE)}>
          Show {Math.min(MORE, windows.length - shown)} more of {windows.length}
        </button>
      )}
    </article>
  );
}
