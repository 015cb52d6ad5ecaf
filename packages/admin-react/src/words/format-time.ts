const NEAR_MS = 120_000;
const FAR_MS = 20 * 3_600_000;

/** The time of day of a moment; with seconds when it is less than two minutes ago or ahead, with the day when it is far. */
export function formatClock(at: number, now: number): string {
  const apartMs = Math.abs(at - now);
  return new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    ...(apartMs < NEAR_MS ? { second: "2-digit" } : {}),
    ...(apartMs > FAR_MS ? { day: "numeric", month: "short" } : {}),
  }).format(at);
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `just now`, `5 minutes ago`, `yesterday`. */
export function formatAgo(at: number, now: number): string {
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, ms] of STEPS) if (now - at >= ms) return relative.format(-Math.floor((now - at) / ms), unit);
  return "just now";
}
