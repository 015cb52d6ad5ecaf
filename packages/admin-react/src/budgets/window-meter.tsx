import type { BudgetWindow } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { usedPercent } from "../words/describe-window.ts";

/** Parts of what is used, in the order of the bar. */
const PARTS = ["spent", "presumed", "held"] as const;

/** What is used of the limit as a bar: spent, presumed, held. Where more than the limit is used, a line shows the limit. */
export function WindowMeter({ window }: { readonly window: BudgetWindow }): ReactElement {
  const percent = usedPercent(window);
  const used = PARTS.reduce((sum, part) => sum + (window[part] ?? 0), 0);
  // With a limit of 0 all that is used is over it.
  const whole = Math.max(used, window.limit, 1);
  const widthOf = (amount: number | null) => `${((amount ?? 0) / whole) * 100}%`;
  const words = percent === null ? "How much is used is unknown" : `${percent} % of the limit is used`;
  return (
    <div className="bm-meter" role="img" aria-label={words} data-unknown={percent === null}>
      {PARTS.map((part) => (
        <span key={part} className="bm-meter-part" data-part={part} style={{ width: widthOf(window[part]) }} />
      ))}
      {used > window.limit && <span className="bm-meter-limit" style={{ insetInlineStart: widthOf(window.limit) }} />}
    </div>
  );
}
