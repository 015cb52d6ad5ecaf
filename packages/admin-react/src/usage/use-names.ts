import type { UsageDimension } from "@babylon/admin-api/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { AdminClient } from "../data/admin-client.ts";

const SUGGESTED = 100;

/** Where names are read. */
export interface NamesSource {
  readonly client: AdminClient;
  readonly queries: QueryClient;
  /** Such as `7d`. */
  readonly last: string;
  readonly timeZone: string;
  /** `false`: nothing is read. */
  readonly enabled: boolean;
}

/** The names of a dimension in the records of calls, most used first; empty until they are read. */
export function useNames(dimension: UsageDimension, source: NamesSource): readonly string[] {
  const { client, queries, last, timeZone, enabled } = source;
  const params = [
    ["last", last],
    ["timeZone", timeZone],
    ["bucket", "all"],
    ["by", dimension],
    ["top", String(SUGGESTED)],
  ] as const;
  const found = useQuery(
    {
      queryKey: ["names", client.endpoint, params],
      queryFn: ({ signal }) => client.usage(params, signal),
      enabled,
      staleTime: 60_000,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  return (found.data?.rows ?? []).map(({ group }) => group[dimension] ?? "").filter((name) => !name.startsWith("("));
}
