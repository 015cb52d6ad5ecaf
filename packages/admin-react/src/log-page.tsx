import type { CallsData } from "@babylon/admin-api/contract";
import { type InfiniteData, type QueryClient, useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { CallsTable } from "./calls/calls-table.tsx";
import type { AdminClient } from "./data/admin-client.ts";
import { toRequestFailure } from "./data/request-failure.ts";
import { ActionButton } from "./parts/action-button.tsx";
import { Icon } from "./parts/icon.tsx";
import { Notice } from "./parts/notice.tsx";
import { RefreshButton } from "./parts/refresh-button.tsx";
import { Switch } from "./parts/switch.tsx";
import { FilterBar } from "./usage/filter-bar.tsx";
import { type TabView, writeView } from "./usage/tab-view.ts";
import { callsParams, localZone } from "./usage/usage-params.ts";
import { formatCount } from "./words/format-count.ts";
import { formatClock } from "./words/format-time.ts";

interface LogPageProps {
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
}

const PER_PAGE = 50;
const LIVE_MS = 2_000;

/** The log of calls, newest first: live, with a search and filters, older calls page by page. */
export function LogPage({ view, client, queries, nameOf, onView }: LogPageProps): ReactElement {
  const [live, setLive] = useState(true);
  const [text, setText] = useState(view.search);
  const field = useId();
  const log = useInfiniteQuery<CallsData, Error, InfiniteData<CallsData>, readonly unknown[], string | null>(
    {
      queryKey: ["calls", client.endpoint, callsParams(view, PER_PAGE, null)],
      queryFn: ({ signal, pageParam }) => client.calls(callsParams(view, PER_PAGE, pageParam), signal),
      initialPageParam: null,
      getNextPageParam: ({ next }) => next,
      // All pages are read again, so older ones are not followed.
      refetchInterval: ({ state }) => (live && (state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
      placeholderData: (before) => before,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const pages = log.data?.pages ?? [];
  const calls = pages.flatMap((page) => page.calls);
  const scanned = pages.reduce((sum, page) => sum + page.scanned, 0);
  const isFollowing = live && pages.length <= 1;

  function onSearch(event: FormEvent): void {
    event.preventDefault();
    onView({ ...view, search: text.trim() });
  }
  function toggleLive(next: boolean): void {
    setLive(next);
    // Following begins at the newest calls.
    if (next && pages.length > 1) void queries.resetQueries({ queryKey: ["calls", client.endpoint] });
  }

  return (
    <>
      <header className="bm-head-line">
        <h1 tabIndex={-1}>Calls</h1>
        <div className="bm-head-actions">
          <span className="bm-live">
            <span aria-hidden="true">Live</span>
            <Switch label="Live: follow new calls" checked={isFollowing} disabled={false} onChange={toggleLive} />
          </span>
          <RefreshButton busy={log.isFetching && !isFollowing} onRefresh={() => void log.refetch()} />
        </div>
      </header>
      <search>
        <form className="bm-call-search" onSubmit={onSearch}>
          <div className="bm-pager-search">
            <label className="bm-hidden" htmlFor={field}>
              Search calls
            </label>
            <Icon name="search" />
            <input
              id={field}
              type="search"
              className="bm-field"
              placeholder="Id of a call, name, model or error"
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </div>
          <button type="submit" className="bm-button">
            Search
          </button>
        </form>
      </search>
      <FilterBar view={view} client={client} queries={queries} nameOf={nameOf} onView={onView} />
      <div className="bm-notices" aria-live="polite">
        {log.error !== null && (
          <Notice tone="bad" icon="alert">
            The calls could not be read: {toRequestFailure(log.error).message}.
          </Notice>
        )}
      </div>
      {log.data === undefined ? (
        log.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <div className="bm-card bm-call-log" data-stale={log.isPlaceholderData} aria-busy={log.isPlaceholderData}>
          {calls.length === 0 ? (
            <p className="bm-empty">No calls found.</p>
          ) : (
            <CallsTable
              calls={calls}
              timeZone={view.timeZone ?? localZone()}
              nameOf={nameOf}
              hrefOf={(call) => writeView({ ...view, call }, location.search)}
              onOpen={(call) => onView({ ...view, call }, true)}
            />
          )}
          <div className="bm-card-foot bm-log-foot">
            <p className="bm-note" role="status">
              {view.search === ""
                ? `${formatCount(calls.length)} calls shown`
                : `${formatCount(calls.length)} found in ${formatCount(scanned)} calls`}
              {isFollowing ? "" : `, as of ${formatClock(log.dataUpdatedAt, log.dataUpdatedAt)}`}
            </p>
            {log.hasNextPage && (
              <ActionButton
                className="bm-button"
                blocked={log.isFetchingNextPage}
                onClick={() => void log.fetchNextPage()}
              >
                {log.isFetchingNextPage ? "Loading…" : view.search === "" ? "Older calls" : "Search older calls"}
              </ActionButton>
            )}
          </div>
        </div>
      )}
    </>
  );
}
