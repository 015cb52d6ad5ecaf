import type { AdminContext, AdminRequest } from "../admin-context.ts";
import type { HistoryData } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { readSettings } from "../http/settings-failure.ts";

function readLimit({ url }: Request): { readonly limit?: number } {
  const text = new URL(url).searchParams.get("limit");
  if (text === null) return {};
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AdminError("invalid_query", "limit is a whole number, 1 or more");
  return { limit: Number(text) };
}

/** `GET …/history`: the saved changes, newest first; with `?limit=` the latest of them. */
export async function readHistory({ settings }: AdminContext, { request }: AdminRequest): Promise<Response> {
  const limit = readLimit(request);
  const { version } = await readSettings(() => settings.get());
  const entries = await readSettings(() => settings.history(limit));
  const data: HistoryData = {
    version,
    entries: entries.map(({ version, at, by, reason, patch, settings }) => ({
      version,
      at,
      by,
      reason,
      patch,
      settings,
    })),
  };
  return toResponse(data);
}
