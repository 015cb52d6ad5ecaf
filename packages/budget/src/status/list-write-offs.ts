import type { Ledger } from "@babylon/shared-state";
import type { BudgetWriteOff } from "../contract/budget-window.ts";
import { parseWindowKey } from "./parse-window-key.ts";

/** The latest write-offs of budgets in a shared state, the newest first. Rejects with a `StorageError`. */
export async function listWriteOffs(
  ledger: Pick<Ledger, "writeOffs">,
  limit: number | undefined,
): Promise<readonly BudgetWriteOff[]> {
  return (await ledger.writeOffs(limit)).flatMap(({ key, ...writeOff }) => {
    const window = parseWindowKey(key);
    return window === null ? [] : [{ ...writeOff, ...window }];
  });
}
