import type { AdminContext } from "../admin-context.ts";
import type { HistoryData } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { readSettings } from "../http/settings-failure.ts";

/** `GET …/history`: the saved changes, newest first. */
export async function readHistory({ settings }: AdminContext): Promise<Response> {
  const { version } = await readSettings(() => settings.get());
  const entries = await readSettings(() => settings.history());
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
