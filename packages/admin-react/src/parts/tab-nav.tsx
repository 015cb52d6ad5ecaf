import type { ReactElement } from "react";
import { type PageName, type TabView, writeView } from "../usage/tab-view.ts";
import { isPlainClick } from "./is-plain-click.ts";

interface TabNavProps {
  readonly view: TabView;
  onView(view: TabView, push?: boolean): void;
}

const PAGES: readonly (readonly [page: PageName, label: string])[] = [
  ["models", "Models"],
  ["usage", "Usage"],
  ["calls", "Calls"],
];

/** The links between the pages of the tab; time and filters are kept. */
export function TabNav({ view, onView }: TabNavProps): ReactElement {
  return (
    <nav className="bm-nav" aria-label="AI models">
      <ul>
        {PAGES.map(([page, label]) => {
          const next: TabView = { ...view, page, call: null };
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
                {label}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
