import { invalidInput } from "@babylon/llm-core";
import type { Ledger, WriteOffBy } from "@babylon/shared-state";
import type { ListedWindow } from "./read-status.ts";

/** Finds the window of a key, or the only window of a rule. Throws `invalid_input` if there is none. */
export function findWindow(windows: readonly ListedWindow[], key: string): ListedWindow {
  const exact = windows.find(({ status }) => status.key === key);
  const ofRule = windows.filter(({ status }) => status.rule === key);
  const [only, ...others] = ofRule;
  const found = exact ?? (others.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  throw invalidInput("key", ofRule.length > 1 ? "the key of one of the rule's windows" : "the key of a current window");
}

/** Removes presumed amounts from a window, from the oldest step of a rolling period first. */
export async function writeOff(
  ledger: Ledger,
  { keys, status }: ListedWindow,
  presumed: number | undefined,
  by: WriteOffBy | undefined,
): Promise<void> {
  if (presumed !== undefined && !(Number.isSafeInteger(presumed) && presumed >= 0)) {
    throw invalidInput("presumed", "a whole number of at least 0, in the window's unit");
  }
  let rest = presumed ?? status.presumed ?? 0;
  const sums = keys.length === 1 ? [status] : await ledger.status(keys);
  for (const [index, key] of keys.entries()) {
    const amount = Math.min(rest, sums[index]?.presumed ?? 0);
    if (amount === 0) continue;
    await ledger.writeOff(key, amount, by);
    rest -= amount;
  }
}
