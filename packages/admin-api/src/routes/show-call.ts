import { type AdminContext, type AdminRequest, recordsOf } from "../admin-context.ts";
import type { CallData } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { readQuery } from "../http/read-query.ts";
import { toDetail } from "../records/call-detail.ts";
import { callParamsSchema } from "../records/query-schemas.ts";
import { readRecords } from "../records/records-failure.ts";

/**
 * `GET …/calls/:id`: a call with its attempts. Content only with `?content=true`, which needs the permission `content`; each such reading
 * is logged with the visitor and the id of the call.
 */
export async function showCall(
  context: AdminContext,
  { request, actor, permissions, below }: AdminRequest,
): Promise<Response> {
  const records = recordsOf(context);
  const { content: wantsContent = false } = readQuery(callParamsSchema, request);
  const mayReadContent = permissions.includes("content");
  if (wantsContent && !mayReadContent) throw new AdminError("forbidden", "this needs the permission to read content");
  const callId = below ?? "";
  const record = await readRecords(() => records.call(callId));
  if (record === null) throw new AdminError("unknown_call", "no such call; it may be older than calls are kept");
  const content = wantsContent ? (record.content ?? null) : null;
  if (content !== null) context.logger.info("the content of a call was read", { actor, callId });
  const data: CallData = {
    call: toDetail(record),
    contentStored: record.content !== undefined,
    mayReadContent,
    content,
  };
  return toResponse(data);
}
