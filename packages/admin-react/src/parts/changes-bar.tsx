import type { ReactElement } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import type { Test } from "../data/use-test.ts";
import type { ChangeWords } from "../words/describe-changes.ts";
import { Icon } from "./icon.tsx";
import { TestOutcome } from "./test-outcome.tsx";

interface ChangesBarProps {
  readonly changes: readonly ChangeWords[];
  readonly saving: boolean;
  readonly offline: boolean;
  /** Why the last saving did not go through. */
  readonly failure: RequestFailure | null;
  readonly test: Test;
  readonly reason: string;
  nameOf(provider: string): string;
  onReason(reason: string): void;
  onSave(force: boolean): void;
  onDiscard(): void;
  onTest(): void;
}

const FORCEABLE: ReadonlySet<string | undefined> = new Set(["no_provider_left", "unknown_provider", "missing_key"]);

const SHOWN = 3;

/** What is not saved yet, and what to do with it. */
export function ChangesBar(props: ChangesBarProps): ReactElement {
  const { changes, saving, offline, failure, test, reason, nameOf, onReason, onSave, onDiscard, onTest } = props;
  const { length } = changes;
  const forceable = FORCEABLE.has(failure?.reply?.code);
  return (
    <section className="bm-bar" aria-label="Unsaved changes">
      {test.outcome !== null && <TestOutcome outcome={test.outcome} nameOf={nameOf} onDismiss={test.dismiss} />}
      {failure !== null && (
        <p className="bm-bar-failure" role="alert">
          <Icon name="alert" />
          <span>
            Not saved: {failure.message.split(". Send force")[0]}.{" "}
            {forceable && (
              <button type="button" className="bm-text-button" onClick={() => onSave(true)}>
                Save anyway
              </button>
            )}
          </span>
        </p>
      )}
      <div className="bm-bar-line">
        <div className="bm-bar-text">
          <strong>
            {length} unsaved {length === 1 ? "change" : "changes"}
          </strong>
          <ul>
            {changes.slice(0, SHOWN).map(({ key, subject, change }) => (
              <li key={key} className="bm-break">
                {subject}: {change}
              </li>
            ))}
            {length > SHOWN && <li>and {length - SHOWN} more</li>}
          </ul>
        </div>
        <div className="bm-bar-actions">
          <input
            className="bm-field bm-reason"
            aria-label="Why, for the history (optional)"
            placeholder="Why? (optional)"
            maxLength={200}
            value={reason}
            onChange={({ target }) => onReason(target.value)}
          />
          <button type="button" className="bm-button" disabled={test.running || offline} onClick={onTest}>
            {test.running ? "Testing…" : "Test changes"}
          </button>
          <button type="button" className="bm-button" disabled={saving} onClick={onDiscard}>
            Discard
          </button>
          <button
            type="button"
            className="bm-button bm-button-strong"
            disabled={saving || offline}
            onClick={() => onSave(false)}
          >
            {saving ? "Saving…" : "Save"}
          </button>
        </div>
      </div>
    </section>
  );
}
