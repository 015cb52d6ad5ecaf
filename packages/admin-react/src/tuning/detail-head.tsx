import type { ReactElement, ReactNode } from "react";
import { toRequestFailure } from "../data/request-failure.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { RefreshButton } from "../parts/refresh-button.tsx";
import { OpenLink } from "./open-link.tsx";
import type { TuningContext } from "./tuning-context.ts";

interface DetailHeadProps {
  readonly context: TuningContext;
  readonly title: string;
  /** What is shown, in the message of a failed read, such as `The job`. */
  readonly what: string;
  readonly query: { readonly error: Error | null; readonly isFetching: boolean; refetch(): unknown };
  /** At the end of the line, such as a state. */
  readonly children?: ReactNode;
}

/** The head of a job, a dataset or an evaluation: the way back, the title, and the failure of the latest read. */
export function DetailHead({ context, title, what, query, children }: DetailHeadProps): ReactElement {
  return (
    <>
      <div>
        <OpenLink context={context} to={null}>
          <Icon name="earlier" />
          All of tuning
        </OpenLink>
      </div>
      <header className="bm-head-line">
        <h1 tabIndex={-1} className="bm-break">
          {title}
        </h1>
        <div className="bm-head-actions">
          {children}
          <RefreshButton busy={query.isFetching} onRefresh={() => void query.refetch()} />
        </div>
      </header>
      <div className="bm-notices" aria-live="polite">
        {query.error !== null && (
          <Notice tone="bad" icon="alert">
            {what} could not be read: {toRequestFailure(query.error).message}.
          </Notice>
        )}
      </div>
    </>
  );
}
