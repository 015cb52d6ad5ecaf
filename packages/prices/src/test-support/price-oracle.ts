import type { Attempt } from "@babylon/llm-core";
import type { PriceRow } from "../table/price-row.ts";

/** The bill of a complete attempt in billionths of a dollar, after a discount. `null`: not known. */
export type BillOf = (attempt: Attempt, discount: readonly [bigint, bigint]) => bigint | null;

/** Calculates bills from the rows of a table with BigInt alone, as plainly as possible. Shares no code with the pricer. */
export function createOracle(rows: readonly PriceRow[]): BillOf {
  const models = Map.groupBy(rows, ({ provider, model }) => `${provider} ${model}`);
  const days = new Map<number, string>();
  return (attempt, discount) => {
    const model = attempt.model.replace(/-\d{8}$/, "");
    const sinceEpoch = Math.floor(attempt.startedAt / 86_400_000);
    const day = days.get(sinceEpoch) ?? new Date(attempt.startedAt).toISOString().slice(0, 10);
    days.set(sinceEpoch, day);
    return billOf(models.get(`${attempt.provider} ${model}`) ?? [], attempt, day, discount);
  };
}

function billOf(
  rows: readonly PriceRow[],
  attempt: Attempt,
  day: string,
  discount: readonly [bigint, bigint],
): bigint | null {
  const { usage } = attempt;
  if (usage === undefined || usage.inputTokens === null || usage.outputTokens === null) return null;
  const input = BigInt(usage.inputTokens);
  let row: PriceRow | null = null;
  for (const each of rows) {
    if ((each.from !== null && day < each.from) || (each.until !== null && day >= each.until)) continue;
    if (each.above !== 0 && input <= BigInt(each.above)) continue;
    if (row === null || each.above > row.above) row = each;
  }
  if (row === null) return null;
  const read = BigInt(usage.cachedInputTokens ?? 0);
  const written = BigInt(usage.cacheWriteInputTokens ?? 0);
  const long = BigInt(usage.longCacheWriteInputTokens ?? 0);
  const searches = BigInt(usage.extras?.webSearches ?? 0);
  const rate = (count: bigint, pico: number | null | undefined): bigint | null =>
    count === 0n ? 0n : pico === null || pico === undefined ? null : count * BigInt(pico);
  const parts = [
    rate(input - read - written, row.pico.input),
    rate(read, row.pico.cacheRead),
    rate(written - long, row.pico.cacheWrite),
    rate(long, row.pico.longCacheWrite),
    rate(BigInt(usage.outputTokens), row.pico.output),
  ];
  // In thousandths of a trillionth, so that a thousandth of the price of 1,000 searches is whole.
  let above = 0n;
  let below = 1n;
  for (const part of parts) {
    if (part === null) return null;
    above += part * 1_000n;
  }
  const region = row.regional || (attempt.region !== null && attempt.region in row.tiers) ? attempt.region : null;
  for (const word of [attempt.serviceTier, attempt.speed, region]) {
    if (word === null || ["default", "standard", "on_demand", "global"].includes(word)) continue;
    const factor = row.tiers[word];
    if (factor === undefined) return null;
    above *= BigInt(factor[0]);
    below *= BigInt(factor[1]);
  }
  if (searches > 0n) {
    if (row.per1000.webSearches === undefined) return null;
    above += searches * BigInt(row.per1000.webSearches) * below;
  }
  above *= discount[0];
  below *= discount[1] * 1_000_000n;
  const whole = above / below;
  return (above % below) * 2n >= below ? whole + 1n : whole;
}
