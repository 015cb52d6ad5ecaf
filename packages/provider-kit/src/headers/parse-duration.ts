import { toWaitMs } from "@babylon/llm-core";

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

const PIECE = String.raw`\d+(?:\.\d+)?(?:ms|us|µs|ns|h|m|s)`;
const WHOLE = new RegExp(`^(?:${PIECE})+$`);
const PIECES = /(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g;

/** The pattern of a duration inside a longer text. */
export const DURATION_PATTERN: string = `(?:${PIECE})+`;

/** Parses a Go duration: `1m2.5s`, `7.66s`, `12ms`, `1h2m3s`. Milliseconds, rounded up, at most 24 h; `null` if it is not a duration. */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(PIECES)) totalMs += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  return toWaitMs(totalMs);
}
