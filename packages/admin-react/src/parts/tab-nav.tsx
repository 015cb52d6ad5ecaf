import type { ReactElement } from "react";
import { type PageName, type TabView, writeView } from "../usage/tab-view.ts";
import { isPlainClick } from "./is-plain-click.ts";

interface TabNavProps {
  readonly view: TabView;
  /** The pages that there are. */
  readonly pages: readonly PageName[];
  onView(view: TabView, push?: boolean): void;
}

const LABELS: Readonly<Record<PageName, string>> = {
  models: "Models",
  usage: "Usage",
  calls: "Calls",
  budgets: "Budgets",
  experiments: "Experiments",
  tuning: "Tuning",
};

/** The links between the pages of the tab; time and filters are kept. */
export function TabNav({ view, pages, onView }: TabNavProps): ReactElement {
  return (
    <nav className="bm-nav" aria-label="AI models">
      <ul>
        {pages.map((page) => {
          const next: TabView = { ...view, page, call: null, experiment: null, tuning: null };
          return (
            <li key={page}>
              <a
                href={writeView(next, location.search) || location.pathname}
                aria-current={view.page === page ? "page" : undefined}
                onClick={(event) => {
                  if (!isPlainClick(event)) return;
                  event.preventDefault();
                  onView(next, true);
                }}
              >
                {LABELS[page]}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
