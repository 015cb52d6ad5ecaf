import type { UsageData } from "@babylon/admin-api/contract";
import { formatUsd } from "@babylon/llm-core/status";
import { formatCount } from "../words/format-count.ts";

/** How a provider did over the last 24 hours, by hour. */
export interface ProviderCourse {
  readonly attempts: readonly number[];
  readonly failed: readonly number[];
  /** `1,234 attempts, 12 failed, $3.21`. */
  readonly text: string;
}

/** The courses of providers from usage by hour and provider. Pure. */
export function providerCourses({ periods, rows }: UsageData): (provider: string) => ProviderCourse {
  return (provider) => {
    const own = new Map(rows.filter(({ group }) => group.provider === provider).map((row) => [row.at, row]));
    const attempts = periods.map((at) => own.get(at)?.attempts ?? 0);
    const failed = periods.map((at) => own.get(at)?.failedAttempts ?? 0);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const all = sum(attempts);
    if (all === 0) return { attempts, failed, text: "No attempts" };
    const unknown = sum([...own.values()].map((row) => row.unknownCost));
    const cost = formatUsd(sum([...own.values()].map((row) => row.nanoUsd)));
    const parts = [
      `${formatCount(all)} ${all === 1 ? "attempt" : "attempts"}`,
      ...(sum(failed) === 0 ? [] : [`${formatCount(sum(failed))} failed`]),
      unknown >= all ? "cost unknown" : cost,
      ...(unknown > 0 && unknown < all ? [`${formatCount(unknown)} of unknown cost`] : []),
    ];
    return { attempts, failed, text: parts.join(", ") };
  };
}
