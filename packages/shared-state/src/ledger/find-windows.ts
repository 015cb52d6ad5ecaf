import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { invalid } from "../contract/invalid.ts";
import type { FoundWindow, WindowsFound, WindowsQuery } from "../contract/ledger.ts";
import type { SumsReply } from "../contract/state-engine.ts";

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 100_000;

/** Windows whose sums are read at once. */
const PER_CALL = 500;

/** Lists windows. Each page is a call of its own, so that none of them keeps others waiting. */
export async function findWindows(
  { prefix, limit = DEFAULT_LIMIT }: WindowsQuery,
  access: Pick<EngineAccess, "call">,
  sums: (keys: readonly string[]) => Promise<SumsReply>,
): Promise<WindowsFound> {
  checkName("prefix", prefix);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT))
    throw invalid("limit", `expected 1 to ${MAX_LIMIT}`);
  const found = new Set<string>();
  let cursor: string | null = null;
  do {
    const query: { readonly prefix: string; readonly cursor: string | null } = { prefix, cursor };
    const page = await access.call((engine, signal) => engine.keys(query, signal));
    for (const key of page.keys) if (found.size <= MAX_LIMIT) found.add(key);
    cursor = found.size > MAX_LIMIT ? null : page.cursor;
  } while (cursor !== null);

  const keys = [...found].sort();
  const windows: FoundWindow[] = [];
  for (let at = 0; at < Math.min(limit, keys.length); at += PER_CALL) {
    windows.push(...(await sums(keys.slice(at, Math.min(limit, at + PER_CALL)))).windows);
  }
  return { windows, more: keys.length > limit };
}
