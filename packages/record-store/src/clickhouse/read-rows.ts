import { isRecord } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import type { ClickhouseClient, ClickhouseSettings } from "./clickhouse-client.ts";
import { exceptionError, findException } from "./clickhouse-errors.ts";

/** A row of a result: values in the order of the columns. Numbers of 64 bits are texts. */
export type ClickhouseRow = readonly unknown[];

/** Settings of queries. */
const READ_SETTINGS: ClickhouseSettings = {
  default_format: "JSONCompact",
  output_format_json_quote_64bit_integers: 1,
  // Errors have a status of their own, instead of one that is sent before the first row.
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
  // Copies of a call have the same day, so that days are merged apart.
  do_not_merge_across_partitions_select_final: 1,
};

/**
 * Runs a query and returns its rows. The reply is one JSON document: one that an exception ends within, although its status is 200, is not
 * JSON, or has the exception as a field.
 */
export async function readRows(
  client: ClickhouseClient,
  sql: string,
  { settings, signal }: { readonly settings?: ClickhouseSettings; readonly signal?: AbortSignal } = {},
): Promise<readonly ClickhouseRow[]> {
  const body = await client.send({
    sql,
    settings: { ...READ_SETTINGS, ...settings },
    applied: "no",
    ...(signal === undefined ? {} : { signal }),
  });
  const rows = parseRows(body);
  if (rows !== null) return rows;
  const exception = findException(body);
  if (exception !== null) throw exceptionError(exception, "no");
  throw new StorageError({ message: "ClickHouse: the reply is not complete", applied: "no" });
}

function parseRows(body: string): readonly ClickhouseRow[] | null {
  try {
    const document: unknown = JSON.parse(body);
    if (!isRecord(document) || "exception" in document || !Array.isArray(document.data)) return null;
    return document.data.every(Array.isArray) ? document.data : null;
  } catch {
    return null;
  }
}
