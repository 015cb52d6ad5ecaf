import type { CallRecord } from "@babylon/llm-core";
import type { CallSource, RecordReader } from "../contract/call-source.ts";

/** Calls that are read at a time. What waits for its turn outlives collections of the young generation, which grows by it: with 32, 120 MB more. */
const AT_ONCE = 2;
const PAGE = 50;

/** The calls of a source, one after the other. */
export function callsOf(source: CallSource): AsyncIterable<CallRecord> | Iterable<CallRecord> {
  return "calls" in source ? readStore(source) : source;
}

async function* readStore(store: RecordReader): AsyncGenerator<CallRecord> {
  let before: string | undefined;
  do {
    const page = await store.calls({ limit: PAGE, before });
    for (let at = 0; at < page.calls.length; at += AT_ONCE) {
      const reads = page.calls.slice(at, at + AT_ONCE).map(({ callId, startedAt }) => store.call(callId, startedAt));
      for (const record of await Promise.all(reads)) if (record !== null) yield record;
    }
    before = page.next ?? undefined;
  } while (before !== undefined);
}
