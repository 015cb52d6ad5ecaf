import type { ReactElement, ReactNode } from "react";
import { isPlainClick } from "../parts/is-plain-click.ts";
import { type TabView, writeView } from "../usage/tab-view.ts";
import type { TuningContext, TuningKind } from "./tuning-context.ts";

interface ViewLinkProps {
  readonly context: Pick<TuningContext, "view" | "onView">;
  /** What of the view is different behind the link. */
  readonly change: Partial<TabView>;
  readonly children: ReactNode;
}

/** A link to another view of the tab. */
export function ViewLink({ context, change, children }: ViewLinkProps): ReactElement {
  const next = { ...context.view, ...change };
  return (
    <a
      className="bm-link"
      href={writeView(next, location.search)}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        context.onView(next, true);
      }}
    >
      {children}
    </a>
  );
}

interface OpenLinkProps extends Omit<ViewLinkProps, "change"> {
  /** What it opens; `null`: the lists. */
  readonly to: readonly [kind: TuningKind, id: string] | null;
}

/** A link to a job, a dataset, an evaluation or back to the lists. */
export const OpenLink = ({ to, ...rest }: OpenLinkProps): ReactElement => (
  <ViewLink {...rest} change={{ tuning: to === null ? null : to.join(":") }} />
);
