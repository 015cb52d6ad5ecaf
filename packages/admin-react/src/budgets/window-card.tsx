import type { BudgetWindow, WindowSpenders } from "@babylon/admin-api/contract";
import { type ReactElement, useId } from "react";
import { type Fact, FactList } from "../calls/fact-list.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { StateLabel } from "../parts/state-label.tsx";
import { scopeInWords } from "../words/describe-rule.ts";
import { describeLevel, usedPercent } from "../words/describe-window.ts";
import { formatBudgetAmount } from "../words/format-budget-amount.ts";
import { formatBoundary } from "../words/format-moment.ts";
import { SpenderList } from "./spender-list.tsx";
import { WindowMeter } from "./window-meter.tsx";

interface WindowCardProps {
  readonly window: BudgetWindow;
  /** `undefined`: not read. */
  readonly spenders: WindowSpenders | undefined;
  /** Whether who spends is shown. */
  readonly open: boolean;
  /** Calls are recorded. */
  readonly hasRecords: boolean;
  nameOf(provider: string): string;
  onOpen(key: string, open: boolean): void;
  onWriteOff(window: BudgetWindow): void;
}

const part = (name: string, key: string): ReactElement => (
  <>
    <span className="bm-part" data-part={key} aria-hidden="true" />
    {name}
  </>
);

function timeOf({ startsAt, endsAt, timeZone, per }: BudgetWindow): string {
  if (typeof per === "object")
    return startsAt === null ? "rolling" : `since ${formatBoundary(startsAt, timeZone)}, rolling`;
  if (endsAt === null) return "without an end";
  return `until ${formatBoundary(endsAt, timeZone)} (${timeZone})`;
}

function forecastOf({ forecast, unit, limit, endsAt }: BudgetWindow): string | null {
  if (endsAt === null) return null;
  if (forecast === null) return "not known yet";
  return `${formatBudgetAmount(forecast, unit)}${forecast > limit ? ", above the limit" : ""}`;
}

/** A window of a budget: its level, its amounts, and who spends. */
export function WindowCard(props: WindowCardProps): ReactElement {
  const { window, spenders, open, hasRecords, nameOf, onOpen, onWriteOff } = props;
  const { key, scope, unit, left, presumed, spent, held } = window;
  const readOnly = useReadOnly();
  const region = useId();
  const words = describeLevel(window);
  const percent = usedPercent(window);
  const subject = scopeInWords(Object.keys(scope).length === 0 ? "all" : scope, nameOf);
  const spendersText = open ? "Hide who spends" : "Who spends";
  const isOver = left !== null && left < 0;
  const facts: readonly (readonly [key: string, fact: Fact])[] = [
    ["spent", ["Spent", formatBudgetAmount(spent, unit)]],
    ["presumed", ["Presumed", formatBudgetAmount(presumed, unit)]],
    ["held", ["Held", formatBudgetAmount(held, unit)]],
    ["left", [isOver ? "Over by" : "Left", formatBudgetAmount(isOver ? -left : left, unit)]],
    ["limit", ["Limit", formatBudgetAmount(window.limit, unit)]],
    ["forecast", ["Expected at the end", forecastOf(window)]],
  ];
  return (
    <li className="bm-window" data-window={key} data-level={window.level} data-tone={words.tone}>
      <div className="bm-window-head">
        <h4 className="bm-break">{subject}</h4>
        <StateLabel words={words} />
        {percent !== null && <span className="bm-note">{percent} % used</span>}
        <span className="bm-note bm-window-time">{timeOf(window)}</span>
      </div>
      <WindowMeter window={window} />
      <FactList
        facts={facts.map(
          ([name, [label, value]]): Fact => [
            label,
            value === null ? null : (
              <>
                {part("", name)}
                {value}
              </>
            ),
          ],
        )}
      />
      {words.detail !== null && <p className="bm-note">{words.detail}</p>}
      <div className="bm-window-actions">
        {hasRecords && (
          <button
            type="button"
            className="bm-text-button"
            aria-expanded={open}
            aria-controls={region}
            aria-label={`${spendersText}: ${window.rule}, ${subject}`}
            onClick={() => onOpen(key, !open)}
          >
            {spendersText}
          </button>
        )}
        {presumed !== null && presumed > 0 && (
          <ActionButton
            className="bm-text-button"
            aria-label={`Write off…: ${window.rule}, ${subject}`}
            blocked={readOnly}
            onClick={() => onWriteOff(window)}
          >
            Write off…
          </ActionButton>
        )}
      </div>
      <div id={region}>
        {open &&
          (spenders === undefined ? (
            <p className="bm-note">Reading who spends…</p>
          ) : (
            <SpenderList spenders={spenders} unit={unit} />
          ))}
      </div>
    </li>
  );
}
