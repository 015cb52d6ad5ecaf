import type { CallRecord } from "@babylon/llm-core";
import type { RecordFilter, UsageDimension } from "@babylon/record-store";
import type { Flags } from "../arguments/flags.ts";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";

const DIMENSIONS: readonly UsageDimension[] = ["provider", "model", "agent", "tenant", "purpose", "outcome"];
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const OUTCOMES: readonly string[] = Object.keys({
  success: true,
  failed: true,
  aborted: true,
  interrupted: true,
} satisfies Record<CallRecord["outcome"], true>);

/** The time zone of this machine. */
const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The time zone of `--zone`. Default: this machine's.
 *
 * @throws UsageError
 */
export function zoneFlag(flags: Flags): string {
  const zone = textFlag(flags, "zone") ?? machineZone();
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    throw new UsageError(`--zone: expected an IANA time zone such as Europe/Berlin, got "${zone}"`);
  }
}

/** The start of a time span, for `--since`. */
interface SinceFlagOptions {
  /** The value if the option is not given. */
  readonly fallback: string;
  readonly nowEpochMs: number;
  /** Dates begin at midnight in this time zone. Default: this machine's. */
  readonly timeZone?: string;
}

/**
 * The start of a time span: `30m`, `24h`, `7d`, `4w` before now, a date, or an ISO date and time.
 *
 * @throws UsageError
 */
export async function sinceFlag(flags: Flags, options: SinceFlagOptions): Promise<number> {
  const { fallback, nowEpochMs, timeZone = machineZone() } = options;
  const text = textFlag(flags, "since") ?? fallback;
  const from = await toEpochMs(text, nowEpochMs, timeZone);
  if (!(from >= 0)) throw new UsageError(`--since: expected a time such as 24h, 7d or 2026-11-01, got "${text}"`);
  if (from < nowEpochMs) return from;
  throw new UsageError(`--since: expected a time in the past, got "${text}"`);
}

/** `NaN` for a text that is not a time. */
async function toEpochMs(text: string, nowEpochMs: number, timeZone: string): Promise<number> {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return nowEpochMs - Number(count) * (UNIT_MS[unit] ?? 0);
  const epochMs = Date.parse(text);
  // `Date.parse` takes a date as one of UTC.
  if (Number.isNaN(epochMs) || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return epochMs;
  const { startOfDate } = await import("@babylon/record-store/contract");
  return startOfDate(text, timeZone);
}

/**
 * The dimensions of `--by`, separated by commas.
 *
 * @throws UsageError
 */
export function byFlag(flags: Flags): readonly UsageDimension[] {
  const text = textFlag(flags, "by");
  const names = text?.split(",").map((name) => toDimension(name.trim(), "--by"));
  return [...new Set(names)];
}

/**
 * The filter of `--where`: `agent=mayor,provider=groq`; several names for one dimension are alternatives, and `agent=` is no agent.
 *
 * @throws UsageError
 */
export function whereFlag(flags: Flags): RecordFilter {
  const where: { [D in UsageDimension]?: string[] } = {};
  for (const part of textFlag(flags, "where")?.split(",") ?? []) {
    const [, name, value = ""] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    if (name === undefined) throw new UsageError(`--where: expected <name>=<value>, got "${part}"`);
    const dimension = toDimension(name.trim(), "--where");
    if (dimension === "outcome" && !OUTCOMES.includes(value)) {
      throw new UsageError(`--where: expected an outcome of ${OUTCOMES.join(", ")}, got "${value}"`);
    }
    where[dimension] = [...(where[dimension] ?? []), value];
  }
  return where;
}

function toDimension(name: string, option: string): UsageDimension {
  const found = DIMENSIONS.find((dimension) => dimension === name);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: expected ${DIMENSIONS.join(", ")}, got "${name}"`);
}
