import type { BudgetsSummary } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { type TabView, writeView } from "../usage/tab-view.ts";
import { describeBanner, describeOutage } from "../words/describe-window.ts";
import { isPlainClick } from "./is-plain-click.ts";
import { Notice } from "./notice.tsx";

interface BudgetBannerProps {
  readonly budgets: BudgetsSummary;
  /** On the server's clock. */
  readonly now: number;
  readonly view: TabView;
  onView(view: TabView, push?: boolean): void;
}

/** On all pages: budgets that are over or near their limits, and the outage of their store. */
export function BudgetBanner({ budgets, now, view, onView }: BudgetBannerProps): ReactElement | null {
  const { outage, levels } = budgets;
  const words = describeBanner(budgets, now);
  const next: TabView = { ...view, page: "budgets", call: null };
  const link = view.page !== "budgets" && (
    <a
      className="bm-link"
      href={writeView(next, location.search)}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        onView(next, true);
      }}
    >
      Open budgets
    </a>
  );
  return (
    <>
      {(words !== null || outage !== null) && (
        <section className="bm-banner" aria-label="State of the budgets">
          {outage !== null && (
            <Notice tone="bad" icon="offline" actions={link === false ? undefined : link}>
              {describeOutage(outage, now)}
            </Notice>
          )}
          {words !== null && (
            <Notice tone={words.tone} icon="alert" actions={link === false ? undefined : link}>
              <span className="bm-break">{words.text}</span>
            </Notice>
          )}
        </section>
      )}
      {/* The amounts above change all the time; only a change of a level is announced. */}
      <p className="bm-hidden" role="status">
        {outage !== null && "The store of budgets is away. "}
        {levels.over > 0 && `Budgets over their limits: ${levels.over}. `}
        {levels.near > 0 && `Budgets near their limits: ${levels.near}.`}
      </p>
    </>
  );
}
