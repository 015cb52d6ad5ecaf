import type { UsageData } from "@babylon/admin-api/contract";
import { type QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { TOP } from "./build-charts.ts";
import type { TabView } from "./tab-view.ts";
import { chosenBucket, isComplete, type QueryParams, spanParams } from "./usage-params.ts";

const REFRESH_MS = 30_000;
/** The groups of the table. */
const GROUPS = 100;

/** The figures of the page; `undefined` before they have arrived. */
export interface UsageFigures {
  /** One row: the whole time. */
  readonly total: UsageData | undefined;
  /** By period. */
  readonly overall: UsageData | undefined;
  /** By period and group. */
  readonly grouped: UsageData | undefined;
  /** By group. */
  readonly groups: UsageData | undefined;
  readonly error: Error | null;
  /** Figures of another choice are shown until those of this one have arrived. */
  readonly stale: boolean;
  readonly fetching: boolean;
  /** The share of a long query that is done; `null`: nothing is queried, or nothing is known of it. */
  readonly progress: number | null;
  refresh(): void;
}

/** The parameters of the four queries of a view. */
export function usageQueries(view: TabView): Readonly<Record<"total" | "overall" | "grouped" | "groups", QueryParams>> {
  const span = spanParams(view);
  const by: QueryParams = view.by === null ? [] : [["by", view.by]];
  const bucket = chosenBucket(view);
  return {
    total: [...span, ["bucket", "all"]],
    overall: [...span, ["bucket", bucket]],
    grouped: [...span, ...by, ["bucket", bucket], ["top", String(TOP)]],
    groups: [...span, ...by, ["bucket", "all"], ["top", String(GROUPS)]],
  };
}

interface FiguresOptions {
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly enabled: boolean;
  onProgress(share: number | null): void;
}

function useFigures(params: QueryParams, options: FiguresOptions): UseQueryResult<UsageData> {
  const { client, queries, enabled, onProgress } = options;
  return useQuery(
    {
      queryKey: ["usage", client.endpoint, params],
      async queryFn({ signal }) {
        try {
          return await client.usage(params, signal, onProgress);
        } finally {
          onProgress(null);
        }
      },
      enabled,
      refetchInterval: REFRESH_MS,
      placeholderData: (before) => before,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
}

/** Reads the figures of a view, and again every 30 seconds. */
export function useUsage(view: TabView, client: AdminClient, queries: QueryClient): UsageFigures {
  const [progress, onProgress] = useState<number | null>(null);
  const params = usageQueries(view);
  const isGrouped = view.by !== null;
  const always: FiguresOptions = { client, queries, enabled: isComplete(view), onProgress };
  const ifGrouped: FiguresOptions = { ...always, enabled: always.enabled && isGrouped };
  const total = useFigures(params.total, always);
  const overall = useFigures(params.overall, always);
  const grouped = useFigures(params.grouped, ifGrouped);
  const groups = useFigures(params.groups, ifGrouped);
  const all = [total, overall, ...(isGrouped ? [grouped, groups] : [])];
  return {
    total: total.data,
    overall: overall.data,
    grouped: isGrouped ? grouped.data : undefined,
    groups: isGrouped ? groups.data : undefined,
    error: all.find(({ error }) => error !== null)?.error ?? null,
    stale: all.some(({ isPlaceholderData }) => isPlaceholderData),
    fetching: all.some(({ isFetching }) => isFetching),
    progress,
    refresh: () => void Promise.all(all.map((each) => each.refetch())),
  };
}
