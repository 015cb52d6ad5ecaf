import type { ReactElement } from "react";

const PATHS = {
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  earlier: "M10 3.5 5.5 8l4.5 4.5",
  later: "M6 3.5 10.5 8 6 12.5",
  chevron: "M4 6.5 8 10.5l4-4",
  refresh: "M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3",
  check: "M3.5 8.5 6.5 11.5 12.5 4.5",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  alert: "M8 5.5v3M8 11h.01M8 2.2 14.3 13H1.7Z",
  lock: "M4.5 7.5h7v5.5h-7zM5.75 7.5V5.25a2.25 2.25 0 0 1 4.5 0V7.5",
  offline:
    "M2 2l12 12M5.2 8.6a4.4 4.4 0 0 1 1.6-.9M3 6.2a7.6 7.6 0 0 1 1.6-1.1M9.6 7.9c.5.2.9.4 1.2.7M8 4.2a7.6 7.6 0 0 1 5 2M8 12h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM13.5 13.5l-3.2-3.2",
  undo: "M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6.5",
  plus: "M8 3.5v9M3.5 8h9",
  link: "M9.5 3.5h3v3M12.5 3.5 7 9M11.5 9.5v3h-8v-8h3",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** A line drawing next to text, hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="bm-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
