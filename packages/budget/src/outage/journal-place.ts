import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { SharedState } from "@babylon/shared-state";
import type { JournalPlace } from "./journal-file.ts";

/**
 * Where the journal of a shared state is: in the given folder, else beside the file of the state, else in the working directory. `null`: only
 * in memory.
 */
export function journalPlace(
  state: Pick<SharedState, "status">,
  folder: string | false | undefined,
): JournalPlace | null {
  const { engine, location, prefix } = state.status();
  if (folder === false || (folder === undefined && engine === "memory")) return null;
  const tag = createHash("sha256").update(`${location} ${prefix}`).digest("hex").slice(0, 12);
  const ofState = engine === "sqlite" ? `${location}.journal` : resolve(process.cwd(), "babylon-budget.journal");
  return { folder: folder ?? ofState, tag };
}
