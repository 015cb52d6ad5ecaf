import type { AdminData, HistoryItem, SystemSettings } from "@babylon/admin-api/contract";
import { describeStatus } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { describeChanges } from "../words/describe-changes.ts";
import { formatAgo, formatClock } from "../words/format-time.ts";
import { ActionButton } from "./action-button.tsx";
import { useReadOnly } from "./read-only.ts";
import { RefreshButton } from "./refresh-button.tsx";

interface PageHeadProps {
  readonly data: AdminData;
  /** On the server's clock. */
  readonly now: number;
  /** The latest change; `undefined`: none, or not known yet. */
  readonly latest: HistoryItem | undefined;
  /** The settings before it; `undefined`: not known. */
  readonly before: SystemSettings | undefined;
  readonly refreshing: boolean;
  readonly testing: boolean;
  readonly offline: boolean;
  nameOf(provider: string): string;
  onRefresh(): void;
  onTest(): void;
}

const SHOWN_CHANGES = 2;

type LastChangeProps = Pick<PageHeadProps, "now" | "before" | "nameOf"> & { readonly latest: HistoryItem };

function LastChange({ latest, before, now, nameOf }: LastChangeProps) {
  const { version, at, by, patch } = latest;
  const changes = describeChanges(patch, nameOf, before).map(({ subject, change }) => `${subject}: ${change}`);
  const more = changes.length - SHOWN_CHANGES;
  const summary = [...changes.slice(0, SHOWN_CHANGES), ...(more > 0 ? [`${more} more`] : [])].join("; ");
  return (
    <p className="bm-note bm-break">
      Last change: version {version} by {by ?? "an unknown actor"},{" "}
      <time dateTime={at}>{formatAgo(Date.parse(at), now)}</time>
      {summary !== "" && ` (${summary})`}
    </p>
  );
}

/** The state of the service first: an outage, degraded or well, who serves since when, and the latest change. */
export function PageHead(props: PageHeadProps): ReactElement {
  const { data, now, latest, before, refreshing, testing, offline, nameOf, onRefresh, onTest } = props;
  const { status, chain, overview } = data;
  const readOnly = useReadOnly();
  const words = describeStatus({
    status,
    links: chain,
    providers: overview,
    nameOf,
    formatTime: (epochMs) => formatClock(epochMs, now),
  });
  const [link] = chain;
  const namesProvider = status.state === "ok" || status.state === "idle";
  return (
    <header className="bm-head">
      <div className="bm-head-line">
        <h1 tabIndex={-1}>AI models</h1>
        <div className="bm-head-actions">
          <RefreshButton busy={refreshing} onRefresh={onRefresh} />
          <ActionButton className="bm-button" blocked={testing || offline || readOnly} onClick={onTest}>
            {testing ? "Testing…" : "Test a call"}
          </ActionButton>
        </div>
      </div>
      <div className="bm-headline" data-tone={words.tone} data-state={status.state}>
        <span className="bm-dot" aria-hidden="true" />
        <div>
          <p className="bm-headline-text">
            {words.headline}
            {link !== undefined && namesProvider && <span className="bm-mono bm-headline-model">{link.model}</span>}
          </p>
          <p className="bm-note">{words.details.join(" ")}</p>
          {latest !== undefined && <LastChange latest={latest} before={before} now={now} nameOf={nameOf} />}
        </div>
      </div>
      {/* The figures above change all the time; only a change of the state is announced. */}
      <p className="bm-hidden" role="status">
        State of the service: {status.state}
      </p>
    </header>
  );
}
