import type { ReactElement, ReactNode } from "react";
import { isPlainClick } from "../parts/is-plain-click.ts";
import { writeView } from "../usage/tab-view.ts";
import type { TuningContext, TuningKind } from "./tuning-context.ts";

interface OpenLinkProps {
  readonly context: Pick<TuningContext, "view" | "onView">;
  /** What it opens; `null`: the lists. */
  readonly to: readonly [kind: TuningKind, id: string] | null;
  readonly children: ReactNode;
}

/** A link to a job, a dataset, an evaluation or back to the lists. */
export function OpenLink({ context, to, children }: OpenLinkProps): ReactElement {
  const next = { ...context.view, tuning: to === null ? null : to.join(":") };
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
