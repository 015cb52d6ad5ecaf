import { SettingsError } from "../errors/settings-error.ts";
import type { TableLayout } from "./table-layout.ts";

/**
 * A table that one major version of Keyv made is not for the other: Keyv 6 converts it when it opens it, and from then on Keyv 5 finds
 * nothing in it and cannot write to it (measured with keyv 5.6 and 6.0 pre-releases, 2026-11).
 */
export function refuseOtherMajor(found: TableLayout | null, wanted: TableLayout, location: string): void {
  if (found === null || found === wanted) return;
  const major = (layout: TableLayout): string => (layout === "keyv-5" ? "Keyv 5" : "Keyv 6");
  throw new SettingsError({
    code: "incompatible_store",
    message: `${location}: the table was made by ${major(found)} and would be opened with ${major(wanted)}. Nothing was changed. Use the same major version in every process, or another table.`,
  });
}
