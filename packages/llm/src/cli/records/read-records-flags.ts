import type { RecordFilter, UsageDimension } from "@babylon/record-store";
import type { Flags } from "../arguments/flags.ts";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";

const DIMENSIONS: readonly UsageDimension[] = ["provider", "model", "agent", "tenant", "purpose", "outcome"];
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * The start of a time span: `30m`, `24h`, `7d`, `4w` before now, or an ISO date.
 *
 * @throws UsageError
 */
export function sinceFlag(flags: Flags, fallback: string, nowEpochMs: number): number {
  const text = textFlag(flags, "since") ?? fallback;
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const from = count === undefined ? Date.parse(text) : nowEpochMs - Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isFinite(from) && from >= 0 && from < nowEpochMs) return from;
  throw new UsageError(`--since: expected a time such as 24h, 7d or 2026-11-01, got "${text}"`);
}

/**
 * The dimensions of `--by`, separated by commas.
 *
 * @throws UsageError
 */
export function byFlag(flags: Flags): readonly UsageDimension[] {
  const text = textFlag(flags, "by");
  return text === undefined ? [] : text.split(",").map((name) => toDimension(name.trim(), "--by"));
}

/**
 * The filter of `--where`: `agent=mayor,provider=groq`; several names for one dimension are alternatives.
 *
 * @throws UsageError
 */
export function whereFlag(flags: Flags): RecordFilter {
  const where: { [D in UsageDimension]?: string[] } = {};
  for (const part of textFlag(flags, "where")?.split(",") ?? []) {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const names = where[toDimension(name.trim(), "--where")] ?? [];
    where[toDimension(name.trim(), "--where")] = [...names, value];
  }
  return where;
}

function toDimension(name: string, option: string): UsageDimension {
  const found = DIMENSIONS.find((dimension) => dimension === name);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: expected ${DIMENSIONS.join(", ")}, got "${name}"`);
}
