import type { BudgetWriteOff } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { scopeInWords } from "../words/describe-rule.ts";
import { formatBudgetAmount } from "../words/format-budget-amount.ts";
import { formatBoundary } from "../words/format-moment.ts";
import { formatClock } from "../words/format-time.ts";

interface WriteOffListProps {
  /** The newest first. */
  readonly writeOffs: readonly BudgetWriteOff[];
  /** Epoch milliseconds. */
  readonly now: number;
  nameOf(provider: string): string;
}

/** `window since Nov 1, 00:00 (UTC)`; a window without a start is the only one. */
const windowOf = ({ startsAt, timeZone }: BudgetWriteOff): string =>
  startsAt === null ? "in total" : `window since ${formatBoundary(startsAt, timeZone)} (${timeZone})`;

/** What was written off: how much, of which window, who, when, and why. */
export function WriteOffList({ writeOffs, now, nameOf }: WriteOffListProps): ReactElement {
  return (
    <section aria-labelledby="bm-write-offs-title">
      <div className="bm-section-head">
        <h2 id="bm-write-offs-title">Write-offs</h2>
        <p className="bm-note">Presumed amounts that were removed after the bill was checked.</p>
      </div>
      <div className="bm-card">
        <ol className="bm-history">
          {writeOffs.map((one) => (
            <li key={`${one.atEpochMs} ${one.rule} ${JSON.stringify(one.scope)} ${one.startsAt}`} className="bm-event">
              <div className="bm-event-what">
                <p className="bm-break">
                  {formatBudgetAmount(one.amount, one.unit)} of <span className="bm-mono">{one.rule}</span>,{" "}
                  {scopeInWords(Object.keys(one.scope).length === 0 ? "all" : one.scope, nameOf)}, {windowOf(one)}
                </p>
                <p className="bm-note bm-break">
                  {one.actor ?? "Unknown"}, {formatClock(one.atEpochMs, now)}
                  {one.reason !== null && `: ${one.reason}`}
                </p>
              </div>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
