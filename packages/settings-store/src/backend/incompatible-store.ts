import { SettingsError } from "../errors/settings-error.ts";
import type { TableLayout } from "./table-layout.ts";

/**
 * Throws `incompatible_store` for a table of the other major version of Keyv: Keyv 6 converts a table of Keyv 5 when it opens it, and
 * afterwards Keyv 5 finds no entries and cannot write (measured with keyv 5.6 and 6.0 pre-releases, 2026-11).
 */
export function refuseOtherMajor(found: TableLayout | null, wanted: TableLayout, location: string): void {
  if (found === null || found === wanted) return;
  const major = (layout: TableLayout): string => (layout === "keyv-5" ? "Keyv 5" : "Keyv 6");
  throw new SettingsError({
    code: "incompatible_store",
    message: `${location}: the table was created by ${major(found)} and would be opened with ${major(wanted)}. Nothing was changed. Use the same major version in every process, or another table.`,
  });
}
