import type { CallRecord } from "@babylon/llm-core";
import type { CallSource, RecordReader } from "../contract/call-source.ts";

/** Calls of a page that are read at a time. */
const AT_ONCE = 32;
const PAGE = 500;

/** The calls of a source, one after the other. */
export function callsOf(source: CallSource): AsyncIterable<CallRecord> | Iterable<CallRecord> {
  return "calls" in source ? readStore(source) : source;
}

async function* readStore(store: RecordReader): AsyncGenerator<CallRecord> {
  let before: string | undefined;
  do {
    const page = await store.calls({ limit: PAGE, before });
    for (let at = 0; at < page.calls.length; at += AT_ONCE) {
      const ids = page.calls.slice(at, at + AT_ONCE).map(({ callId }) => callId);
      for (const record of await Promise.all(ids.map((id) => store.call(id)))) if (record !== null) yield record;
    }
    before = page.next ?? undefined;
  } while (before !== undefined);
}
