import type { ReactElement } from "react";
import { Icon } from "./icon.tsx";

/** The button that reads a page anew. `busy`: it is being read. */
export function RefreshButton({
  busy,
  onRefresh,
}: {
  readonly busy: boolean;
  readonly onRefresh: () => void;
}): ReactElement {
  return (
    <button
      type="button"
      className="bm-icon-button bm-refresh"
      aria-label="Refresh"
      data-busy={busy}
      onClick={onRefresh}
    >
      <Icon name="refresh" />
    </button>
  );
}
