import { type AdminContext, type AdminRequest, recordsOf } from "../admin-context.ts";
import type { CallsData } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { invalidQuery, readQuery } from "../http/read-query.ts";
import { findCalls } from "../records/find-calls.ts";
import { callsParamsSchema } from "../records/query-schemas.ts";
import { readRecords } from "../records/records-failure.ts";
import { toEpochMs } from "../records/resolve-span.ts";
import { filterOf } from "../records/to-usage-query.ts";

const DEFAULT_LIMIT = 50;

/** `GET …/calls`: the log of calls, newest first, by cursor. Never holds content. */
export async function listCalls(context: AdminContext, { request }: AdminRequest): Promise<Response> {
  const records = recordsOf(context);
  const params = readQuery(callsParamsSchema, request);
  const { timeZone = "UTC", before, limit = DEFAULT_LIMIT, search = "" } = params;
  const from = params.from === undefined ? undefined : toEpochMs(params.from, timeZone);
  const to = params.to === undefined ? undefined : toEpochMs(params.to, timeZone);
  if (from !== undefined && to !== undefined && from >= to) {
    throw invalidQuery([{ path: "to", message: "is not after from" }]);
  }
  const query = { where: filterOf(params), from, to, before, limit };
  const found = await readRecords(() => findCalls(records, query, search, context.clock));
  const data: CallsData = { ...found, now: context.clock.now() };
  return toResponse(data);
}
