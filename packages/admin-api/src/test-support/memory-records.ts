import type { CallRecord } from "@babylon/llm-core";
import type { CallsQuery } from "@babylon/record-store/contract";
import type { AdminRecords } from "../admin-shapes.ts";

/** Records in memory, newest first, with a cursor that is the position; filters are ignored. For tests of what stands above a store. */
export function memoryRecords(
  records: readonly CallRecord[],
): AdminRecords & { readonly queries: readonly CallsQuery[] } {
  const queries: CallsQuery[] = [];
  return {
    queries,
    usage: async () => [],
    async calls(query) {
      queries.push(query);
      const start = Number(query.before ?? 0);
      const end = start + query.limit;
      const calls = records.slice(start, end).map((record) => ({ ...record, attempts: record.attempts.length }));
      return { calls, next: end < records.length ? String(end) : null };
    },
    call: async (id) => records.find(({ callId }) => callId === id) ?? null,
  };
}
