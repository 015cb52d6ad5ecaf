import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { AdminClient } from "../data/admin-client.ts";
import { type ProviderCourse, providerCourses } from "./provider-courses.ts";
import { localZone } from "./usage-params.ts";

const REFRESH_MS = 60_000;

/** The last 24 hours of each provider; `null`: calls are not recorded, or the figures have not arrived. */
export function useProviderCourses(
  recorded: boolean,
  client: AdminClient,
  queries: QueryClient,
): ((provider: string) => ProviderCourse) | null {
  const params = [
    ["last", "24h"],
    ["bucket", "hour"],
    ["by", "provider"],
    ["top", "50"],
    ["timeZone", localZone()],
  ] as const;
  const { data } = useQuery(
    {
      queryKey: ["courses", client.endpoint],
      queryFn: ({ signal }) => client.usage(params, signal),
      enabled: recorded,
      refetchInterval: REFRESH_MS,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  return data === undefined ? null : providerCourses(data);
}
