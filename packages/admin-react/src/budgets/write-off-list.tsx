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

/** `since Nov 1, 00:00 (UTC)`; a window without an end has none. */
const windowOf = ({ startsAt, timeZone }: BudgetWriteOff): string =>
  startsAt === null ? "without an end" : `since ${formatBoundary(startsAt, timeZone)} (${timeZone})`;

/** What was written off: when, by whom, how much, of which window, and why. */
export function WriteOffList({ writeOffs, now, nameOf }: WriteOffListProps): ReactElement {
  return (
    <section aria-labelledby="bm-write-offs-title">
      <div className="bm-section-head">
        <h2 id="bm-write-offs-title">Write-offs</h2>
        <p className="bm-note">Presumed amounts that were removed after the bill was checked, the newest first.</p>
      </div>
      <div className="bm-card bm-scroll">
        <table className="bm-table">
          <thead>
            <tr>
              {["When", "Who", "Amount", "Budget", "Window", "Reason"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {writeOffs.map((one) => (
              <tr key={`${one.atEpochMs} ${one.rule} ${JSON.stringify(one.scope)} ${one.startsAt}`}>
                <td>{formatClock(one.atEpochMs, now)}</td>
                <td className="bm-break">{one.actor ?? "unknown"}</td>
                <td>{formatBudgetAmount(one.amount, one.unit)}</td>
                <td className="bm-break">
                  <span className="bm-mono">{one.rule}</span>,{" "}
                  {scopeInWords(Object.keys(one.scope).length === 0 ? "all" : one.scope, nameOf)}
                </td>
                <td>{windowOf(one)}</td>
                <td className="bm-break">{one.reason ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
