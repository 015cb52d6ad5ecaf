import type { UsageDimension } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { SeriesChart } from "./charts/series-chart.tsx";
import type { AdminClient } from "./data/admin-client.ts";
import { toRequestFailure } from "./data/request-failure.ts";
import { ActionButton } from "./parts/action-button.tsx";
import { Notice } from "./parts/notice.tsx";
import { RefreshButton } from "./parts/refresh-button.tsx";
import { buildCharts, isLink } from "./usage/build-charts.ts";
import { FigureTiles } from "./usage/figure-tiles.tsx";
import { FilterBar } from "./usage/filter-bar.tsx";
import { GroupTable } from "./usage/group-table.tsx";
import { BUCKET_WORDS, SpanChoice } from "./usage/span-choice.tsx";
import { type TabView, toggleFilter } from "./usage/tab-view.ts";
import { isComplete } from "./usage/usage-params.ts";
import { type UsageFigures, usageQueries, useUsage } from "./usage/use-usage.ts";
import { formatPeriods } from "./words/format-period.ts";

const LINK_NOTE =
  "Calls, rescued and fallbacks are of the calls that it answered, the other figures of attempts there.";

interface UsagePageProps {
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
}

/** Lets the browser save a file. */
function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Figures({
  usage,
  view,
  nameOf,
  onView,
}: UsagePageProps & { readonly usage: UsageFigures }): ReactElement | null {
  const { total, overall, grouped, groups } = usage;
  const [row] = total?.rows ?? [];
  // The replies of a choice arrive one after the other: groups of another dimension are not shown as those of this one.
  const isOfChoice = (by: readonly UsageDimension[] | undefined) => by?.[0] === view.by;
  if (overall === undefined || total === undefined) return <div className="bm-bone bm-bone-table" />;
  if (row === undefined || row.attempts + row.calls === 0) {
    return (
      <p className="bm-card bm-empty">
        No calls in this time{Object.keys(view.where).length > 0 && " with these filters"}.
      </p>
    );
  }
  const by = isOfChoice(grouped?.by) ? view.by : null;
  const charts = buildCharts({ overall, grouped: by === null ? null : (grouped ?? null), by, nameOf });
  const format = formatPeriods(overall.bucket, overall.timeZone);
  return (
    <div className="bm-figures-of-time" aria-busy={usage.stale} data-stale={usage.stale}>
      <FigureTiles row={row} />
      <h2 className="bm-hidden">Over time</h2>
      <div className="bm-charts">
        {charts.map((chart) => (
          <SeriesChart
            key={chart.key}
            chart={chart}
            periods={overall.periods}
            format={format}
            periodWord={BUCKET_WORDS[overall.bucket] ?? "Period"}
          />
        ))}
      </div>
      {view.by !== null && groups !== undefined && isOfChoice(groups.by) && (
        <section aria-labelledby="bm-groups-title">
          <div className="bm-section-head">
            <h2 id="bm-groups-title">By {view.by}</h2>
            <p className="bm-note">The whole time. {isLink(view.by) && LINK_NOTE} A name adds a filter.</p>
          </div>
          <GroupTable
            by={view.by}
            rows={groups.rows}
            nameOf={nameOf}
            onFilter={(name) => view.by !== null && onView(toggleFilter(view, view.by, name, true))}
          />
        </section>
      )}
    </div>
  );
}

/** What calls cost and how they went: figures, charts and a table by group. */
export function UsagePage(props: UsagePageProps): ReactElement {
  const { view, client, queries, nameOf, onView } = props;
  const usage = useUsage(view, client, queries);
  const params = usageQueries(view);
  const csv = useMutation(
    {
      networkMode: "always",
      mutationFn: () => client.usageCsv(view.by === null ? params.overall : params.grouped),
      onSuccess: (file) => save(file, "usage.csv"),
    },
    queries,
  );
  const error = usage.error ?? csv.error;
  const { progress } = usage;

  return (
    <>
      <header className="bm-head-line">
        <h1 tabIndex={-1}>Usage</h1>
        <div className="bm-head-actions">
          <RefreshButton busy={usage.fetching} onRefresh={usage.refresh} />
          <ActionButton className="bm-button" blocked={csv.isPending || !isComplete(view)} onClick={() => csv.mutate()}>
            {csv.isPending ? "Preparing…" : "Download CSV"}
          </ActionButton>
        </div>
      </header>
      <SpanChoice view={view} onView={onView} />
      <FilterBar view={view} client={client} queries={queries} nameOf={nameOf} onView={onView} />
      <div className="bm-notices" aria-live="polite">
        {error !== null && (
          <Notice tone="bad" icon="alert">
            The usage could not be read: {toRequestFailure(error).message}.
          </Notice>
        )}
        {!isComplete(view) && (
          <Notice tone="neutral" icon="alert">
            Choose the first and the last day.
          </Notice>
        )}
      </div>
      {progress !== null && progress < 1 && (
        <p className="bm-progress">
          <label htmlFor="bm-progress">Reading calls</label>
          <progress id="bm-progress" max={1} value={progress} />
        </p>
      )}
      {isComplete(view) && <Figures {...props} usage={usage} />}
    </>
  );
}
