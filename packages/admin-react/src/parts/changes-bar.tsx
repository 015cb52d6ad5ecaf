import type { ReactElement } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import type { Test } from "../data/use-test.ts";
import type { ChangeWords } from "../words/describe-changes.ts";
import { ActionButton } from "./action-button.tsx";
import { Icon } from "./icon.tsx";
import { useReadOnly } from "./read-only.ts";
import { TestOutcome } from "./test-outcome.tsx";

interface ChangesBarProps {
  readonly changes: readonly ChangeWords[];
  readonly saving: boolean;
  readonly offline: boolean;
  /** The error of the last attempt to save. */
  readonly failure: RequestFailure | null;
  /** `null`: changes cannot be tested here. */
  readonly test: Test | null;
  readonly reason: string;
  nameOf(provider: string): string;
  onReason(reason: string): void;
  onSave(force: boolean): void;
  onDiscard(): void;
  onTest(): void;
}

const FORCEABLE: ReadonlySet<string | undefined> = new Set(["no_provider_left", "unknown_provider", "missing_key"]);

const SHOWN = 3;

/** The unsaved changes, with buttons to test, save and discard them. */
export function ChangesBar(props: ChangesBarProps): ReactElement {
  const { changes, saving, offline, failure, test, reason, nameOf, onReason, onSave, onDiscard, onTest } = props;
  const { length } = changes;
  const readOnly = useReadOnly();
  const forceable = FORCEABLE.has(failure?.reply?.code);
  return (
    <section className="bm-bar" aria-label="Unsaved changes">
      {test !== null && test.outcome !== null && (
        <TestOutcome outcome={test.outcome} nameOf={nameOf} onDismiss={test.dismiss} />
      )}
      {failure !== null && (
        <p className="bm-bar-failure" role="alert">
          <Icon name="alert" />
          <span>
            Not saved: {failure.message.split(". Send force")[0]}.{" "}
            {forceable && (
              <ActionButton className="bm-text-button" blocked={saving || readOnly} onClick={() => onSave(true)}>
                Save anyway
              </ActionButton>
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
            aria-label="Reason, for the history (optional)"
            placeholder="Reason (optional)"
            maxLength={200}
            value={reason}
            onChange={({ target }) => onReason(target.value)}
          />
          {test !== null && (
            <ActionButton className="bm-button" blocked={test.running || offline || readOnly} onClick={onTest}>
              {test.running ? "Testing…" : "Test changes"}
            </ActionButton>
          )}
          <ActionButton className="bm-button" blocked={saving} onClick={onDiscard}>
            Discard
          </ActionButton>
          <ActionButton
            className="bm-button bm-button-strong"
            blocked={saving || offline || readOnly}
            onClick={() => onSave(false)}
          >
            {saving ? "Saving…" : "Save"}
          </ActionButton>
        </div>
      </div>
    </section>
  );
}
