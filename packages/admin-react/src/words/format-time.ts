/** `640 ms`, `2.4 s`, `31 s`; a dash for an unknown. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

/** The time of day of a moment; with seconds when it is less than two minutes away. */
export function formatClock(at: number, now: number): string {
  const near = Math.abs(at - now) < 120_000;
  return new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    ...(near ? { second: "2-digit" } : {}),
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

/** `98 %`; a dash for an unknown. */
export function formatShare(share: number | null): string {
  return share === null ? "–" : `${Math.floor(share * 100)} %`;
}
