const DAY_MS = 86_400_000;

/** The UTC day of a moment, counted from 1970-01-01. */
export const dayOf = (epochMs: number): number => Math.floor(epochMs / DAY_MS);

/** The number of a day in the form `YYYY-MM-DD`; `null` if it is not a day of the calendar. */
export function parseDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(epochMs)) return null;
  // Some engines read February 30 as a day of March.
  return new Date(epochMs).toISOString().startsWith(text) ? dayOf(epochMs) : null;
}
