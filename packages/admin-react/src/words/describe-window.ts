import type { BudgetOutage, BudgetsSummary, BudgetWindow } from "@babylon/admin-api/contract";
import type { ProviderWords, Tone } from "./describe-provider.ts";
import { formatBudgetAmount } from "./format-budget-amount.ts";
import { formatCount } from "./format-count.ts";
import { formatClock } from "./format-time.ts";

/** All that is used of a limit; `null`: the store is away. */
export function usedOf({ spent, presumed, held }: BudgetWindow): number | null {
  return spent === null || presumed === null || held === null ? null : spent + presumed + held;
}

/** The share of the limit that is used: `26 %`; `null`: not known. Rounded down, so that 100 % is the limit. */
export function usedPercent(window: BudgetWindow): number | null {
  const used = usedOf(window);
  if (used === null) return null;
  return window.limit === 0 ? 100 : Math.floor((used * 100) / window.limit);
}

/** The level of a window in words. Pure. */
export function describeLevel({ level, atLimit, paused }: BudgetWindow): ProviderWords {
  if (paused) return { tone: "off", label: "Paused", detail: "It counts, and neither refuses nor warns." };
  switch (level) {
    case "over":
      return atLimit === "refuse"
        ? { tone: "bad", label: "Over the limit", detail: "Calls that it counts are refused." }
        : { tone: "warn", label: "Over the limit", detail: "Nothing is refused: it only warns." };
    case "near":
      return { tone: "warn", label: "Near the limit", detail: null };
    case "unknown":
      return { tone: "off", label: "Unknown", detail: null };
    case "ok":
      return { tone: "good", label: "Within the limit", detail: null };
  }
}

const WHILE_AWAY: Readonly<Record<BudgetOutage["onOutage"], string>> = {
  share: "Each process may use its share of what was left.",
  deny: "Calls that a budget counts are refused.",
  allow: "No call is refused because of a budget.",
};

/** The outage of the store in words. Pure. */
export function describeOutage({ sinceEpochMs, onOutage, waiting }: BudgetOutage, now: number): string {
  const kept =
    waiting === 0 ? "" : ` ${waiting} finished ${waiting === 1 ? "call is" : "calls are"} counted when it is back.`;
  return `The store of budgets is away since ${formatClock(sinceEpochMs, now)}. ${WHILE_AWAY[onOutage]}${kept}`;
}

/** A message on all pages. */
export interface BannerWords {
  readonly tone: Extract<Tone, "warn" | "bad">;
  readonly text: string;
}

const nameOf = ({ rule, scope }: BudgetWindow): string => {
  const values = Object.values(scope);
  return values.length === 0 ? `“${rule}”` : `“${rule}” (${values.join(", ")})`;
};

function describeOne(window: BudgetWindow, now: number): string {
  const { limit, unit, level, atLimit, endsAt } = window;
  const used = usedOf(window);
  // The unit is said once.
  const amount = used !== null && unit === "tokens" ? formatCount(used) : formatBudgetAmount(used, unit);
  const amounts = `${amount} of ${formatBudgetAmount(limit, unit)}`;
  if (level !== "over") return `Budget ${nameOf(window)} is near its limit: ${amounts} are used.`;
  const until = endsAt === null ? "" : ` until ${formatClock(endsAt, now)}`;
  const effect =
    atLimit === "refuse" ? `Calls that it counts are refused${until}.` : "It only warns: nothing is refused.";
  return `Budget ${nameOf(window)} is over its limit: ${amounts} are used. ${effect}`;
}

/** What all pages say about budgets that are over or near their limits; `null`: nothing. Pure. */
export function describeBanner({ levels, worst }: BudgetsSummary, now: number): BannerWords | null {
  const [first] = worst;
  if (first === undefined) return null;
  const refuses = worst.some(({ level, atLimit }) => level === "over" && atLimit === "refuse");
  const tone = refuses ? "bad" : "warn";
  const { over, near } = levels;
  if (over + near === 1) return { tone, text: describeOne(first, now) };
  const counts = [over > 0 ? `${over} over` : null, near > 0 ? `${near} near` : null].filter((part) => part !== null);
  const names = worst.map((window) => `${nameOf(window)} at ${usedPercent(window)} %`);
  const more = over + near - worst.length;
  return {
    tone,
    text: `Budgets ${counts.join(" and ")} their limits: ${names.join(", ")}${more > 0 ? `, and ${more} more` : ""}.`,
  };
}
