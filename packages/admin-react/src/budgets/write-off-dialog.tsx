import type { BudgetWindow } from "@babylon/admin-api/contract";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import { FieldProblem } from "../parts/field-problem.tsx";
import { useModal } from "../parts/use-modal.ts";
import { scopeInWords } from "../words/describe-rule.ts";
import { formatBudgetAmount } from "../words/format-budget-amount.ts";

interface WriteOffDialogProps {
  /** As it is now. */
  readonly window: BudgetWindow;
  readonly running: boolean;
  readonly failure: RequestFailure | null;
  /** @param presumed - in the window's unit @param reason - may be empty */
  onConfirm(presumed: number, reason: string): void;
  onClose(): void;
}

const NANO_PER_USD = 1e9;

/** As many characters as the server takes. */
const MAX_REASON = 200;

const toText = (amount: number, unit: BudgetWindow["unit"]): string =>
  String(unit === "usd" ? amount / NANO_PER_USD : amount);

/** A typed amount in the window's unit; `null`: it is not one that can be written off. Pure. */
export function parseAmount(text: string, { unit, presumed }: Pick<BudgetWindow, "unit" | "presumed">): number | null {
  if (!/^\d+(?:\.\d+)?$/.test(text.trim())) return null;
  const amount = unit === "usd" ? Math.round(Number(text) * NANO_PER_USD) : Number(text);
  return Number.isSafeInteger(amount) && amount > 0 && amount <= (presumed ?? 0) ? amount : null;
}

/** Confirms that presumed amounts are removed from a window: all that were shown, or a part. */
export function WriteOffDialog({ window, running, failure, onConfirm, onClose }: WriteOffDialogProps): ReactElement {
  const { rule, scope, unit, presumed } = window;
  const dialog = useModal();
  const title = useId();
  const field = useId();
  const reasonField = useId();
  const [reason, setReason] = useState("");
  // What is presumed later is not written off without a look at the bill.
  const [text, setText] = useState(() => toText(presumed ?? 0, unit));
  const [tried, setTried] = useState(false);
  const amount = parseAmount(text, window);
  const problem = tried && amount === null ? `Above 0 and at most ${formatBudgetAmount(presumed, unit)}.` : null;
  const subject = scopeInWords(Object.keys(scope).length === 0 ? "all" : scope);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (amount !== null && !running) onConfirm(amount, reason.trim());
  }
  return (
    <dialog className="bm-dialog" ref={dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>Write off what is presumed?</h2>
      <p>
        Budget <span className="bm-mono">{rule}</span>, {subject}: {formatBudgetAmount(presumed, unit)} may have been
        spent by calls whose outcome nobody knows, such as after a timeout. Write it off once you have seen that the
        provider did not bill it. This cannot be undone, and the list of write-offs has your name.
      </p>
      <form className="bm-agent-form" onSubmit={onSubmit}>
        <div className="bm-form-line">
          <label htmlFor={field}>{unit === "usd" ? "US dollars" : "Tokens"}</label>
          <div>
            <input
              id={field}
              className="bm-field"
              inputMode="decimal"
              autoComplete="off"
              value={text}
              aria-invalid={problem !== null}
              aria-describedby={problem === null ? undefined : `${field}-problem`}
              onChange={({ target }) => setText(target.value)}
            />
            <FieldProblem field={field} problem={problem} />
          </div>
        </div>
        <div className="bm-form-line">
          <label htmlFor={reasonField}>Reason (optional)</label>
          <div>
            <input
              id={reasonField}
              className="bm-field"
              autoComplete="off"
              maxLength={MAX_REASON}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </div>
        </div>
        {failure !== null && (
          <p className="bm-problem" role="alert">
            Not written off: {failure.message}.
          </p>
        )}
        <div className="bm-form-actions">
          <button type="submit" className="bm-button bm-button-strong" aria-disabled={running}>
            {running ? "Writing off…" : "Write off"}
          </button>
          <button type="button" className="bm-button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
