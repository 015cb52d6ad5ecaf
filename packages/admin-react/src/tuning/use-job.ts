import type { JobData } from "@babylon/admin-api/contract";
import { type QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { AdminClient } from "../data/admin-client.ts";

const RUNNING_MS = 2_000;
const RESTING_MS = 15_000;

/** Reads a job and follows it: each read asks for the events after the last one that is known. `events` has all of them. */
export function useJob(id: string, client: AdminClient, queries: QueryClient): UseQueryResult<JobData> {
  const queryKey = ["tuning-job", client.endpoint, id];
  return useQuery(
    {
      queryKey,
      async queryFn({ signal }): Promise<JobData> {
        const before = queries.getQueryData<JobData>(queryKey);
        let latest = await client.job(id, before?.next ?? 0, signal);
        let events = [...(before?.events ?? []), ...latest.events];
        while (latest.more) {
          latest = await client.job(id, latest.next, signal);
          events = [...events, ...latest.events];
          if (latest.events.length === 0) break;
        }
        return { ...latest, events };
      },
      refetchInterval: ({ state }) => (state.data?.job.state === "running" ? RUNNING_MS : RESTING_MS),
      structuralSharing: false,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
}
