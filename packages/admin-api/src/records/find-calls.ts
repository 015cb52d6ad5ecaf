import type { Clock } from "@babylon/llm-core";
import type { CallSummary, CallsQuery } from "@babylon/record-store/contract";
import type { AdminRecords } from "../admin-shapes.ts";
import type { CallsData } from "../contract.ts";
import { summaryOf, toSummary } from "./call-detail.ts";

const PAGE = 250;
const MAX_SCANNED = 5_000;
const MAX_MS = 1_500;

/** The text of a call that a search looks at. */
function textOf(call: CallSummary): string {
  const { callId, agent, tenant, purpose, provider, model, outcome, error } = call;
  return [callId, agent, tenant, purpose, provider, model, outcome, error?.code, error?.message]
    .join("\n")
    .toLowerCase();
}

/** What was found. `next` continues where the search stopped. */
export type FoundCalls = Pick<CallsData, "calls" | "next" | "scanned">;

/**
 * The calls of a query that contain each word of a search, newest first. Reads at most 5,000 calls in at most 1.5 s, and then returns the
 * cursor to continue; may return more than `limit`, since pages are taken whole. A complete call id is found without reading others.
 */
export async function findCalls(
  records: Pick<AdminRecords, "calls" | "call">,
  query: CallsQuery,
  search: string,
  clock: Clock,
): Promise<FoundCalls> {
  if (search === "") {
    const { calls, next } = await records.calls(query);
    return { calls: calls.map(toSummary), next, scanned: calls.length };
  }
  if (!/\s/.test(search) && query.before === undefined) {
    const record = await records.call(search);
    if (record !== null) return { calls: [summaryOf(record)], next: null, scanned: 1 };
  }
  const words = search.toLowerCase().split(/\s+/);
  const deadline = clock.monotonic() + MAX_MS;
  const found: CallSummary[] = [];
  let next: string | null = query.before ?? null;
  let scanned = 0;
  do {
    const page = await records.calls({ ...query, limit: PAGE, before: next ?? undefined });
    scanned += page.calls.length;
    for (const call of page.calls) {
      const text = textOf(call);
      if (words.every((word) => text.includes(word))) found.push(toSummary(call));
    }
    next = page.next;
  } while (next !== null && found.length < query.limit && scanned < MAX_SCANNED && clock.monotonic() < deadline);
  return { calls: found, next, scanned };
}
