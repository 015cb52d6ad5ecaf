import type { SystemSettings } from "@babylon/admin-api/contract";

/** What is said where there are none. */
export const NO_BUDGETS = "none";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function limitWords({ limitUsd, limitTokens }: Readonly<Record<string, unknown>>): string {
  if (typeof limitUsd === "number") return ` $${limitUsd}`;
  return typeof limitTokens === "number" ? ` ${limitTokens.toLocaleString("en-US")} tokens` : "";
}

/** Budget rules in words: `tenant-day $5 per day`. A newer version may have stored others. */
export function budgetWords(budgets: SystemSettings["budgets"] | null): string {
  const listed: readonly unknown[] = Array.isArray(budgets) ? budgets : [];
  const words = listed.flatMap((rule) => {
    if (!isRecord(rule)) return [];
    const per = rule.per === "total" ? " in total" : typeof rule.per === "string" ? ` per ${rule.per}` : ", rolling";
    return [`${String(rule.id)}${limitWords(rule)}${per}`];
  });
  return words.length === 0 ? NO_BUDGETS : words.join("; ");
}
