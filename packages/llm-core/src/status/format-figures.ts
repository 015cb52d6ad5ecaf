/** `640 ms`, `2.4 s`, `31 s`, `2 min 5 s`; a dash for `null`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `98 %`; rounded down, so that less than all is never shown as 100 %; a dash for `null`. */
export function formatShare(share: number | null): string {
  return share === null ? "–" : `${Math.floor(share * 100)} %`;
}
