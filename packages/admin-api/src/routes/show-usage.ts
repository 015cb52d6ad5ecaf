import { toUsageCsv } from "@babylon/record-store/contract";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import { recordsOf } from "../admin-context.ts";
import type { UsageData } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { toProgressResponse, wantsProgress } from "../http/progress-response.ts";
import { readQuery } from "../http/read-query.ts";
import { usageParamsSchema } from "../records/query-schemas.ts";
import { readRecords } from "../records/records-failure.ts";
import { toUsageQuery } from "../records/to-usage-query.ts";

const CSV_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/csv; charset=utf-8; header=present",
  "content-disposition": 'attachment; filename="usage.csv"',
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** `GET …/usage`: sums by period and group, as JSON, as CSV, or with progress. */
export async function showUsage(context: AdminContext, { request }: AdminRequest): Promise<Response> {
  const records = recordsOf(context);
  const params = readQuery(usageParamsSchema, request);
  const { query, periods } = toUsageQuery(params, context.clock.now());
  async function read(onProgress?: (share: number) => void): Promise<UsageData> {
    const rows = await readRecords(() => records.usage({ ...query, onProgress, abortSignal: request.signal }));
    const { from, to, timeZone, bucket, by = [] } = query;
    return { from, to, timeZone, bucket, by, periods, rows, now: context.clock.now() };
  }
  const accept = request.headers.get("accept") ?? "";
  if (params.format === "csv" || (params.format === undefined && accept.includes("text/csv"))) {
    return new Response(toUsageCsv(await read()), { status: 200, headers: CSV_HEADERS });
  }
  if (wantsProgress(request)) return toProgressResponse(read, (thrown) => context.fail(request, thrown));
  return toResponse(await read());
}
