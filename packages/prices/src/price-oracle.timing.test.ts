import type { Attempt } from "@babylon/llm-core";
import { expect, it } from "vitest";
import { createPricer } from "./create-pricer.ts";
import { PRICE_ROWS } from "./table/price-table.ts";
import { createOracle } from "./test-support/price-oracle.ts";
import { toAttempt } from "./test-support/to-attempt.ts";

const USAGES = 1_000_000;

/** A generator of whole numbers below a limit, the same in every run (mulberry32). */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const WORDS = [null, null, null, "default", "flex", "batch", "priority", "scale"] as const;
const SPEEDS = [null, null, null, "standard", "fast"] as const;
const REGIONS = [null, null, null, "us", "eu", "mars"] as const;
const SIZES = [50, 5_000, 300_000, 2_000_000_000, 4_000_000_000_000] as const;
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
/** Around changes of prices. */
const DAYS: readonly [number, ...number[]] = [
  day("2026-03-12"),
  day("2026-03-13"),
  day("2026-07-30"),
  day("2026-10-06"),
  day("2026-10-07"),
  day("2026-11-29"),
];
const THRESHOLDS = [100_000, 200_000, 272_000] as const;

function pick<T>(dice: (below: number) => number, list: readonly [T, ...T[]]): T {
  return list[dice(list.length)] ?? list[0];
}

/** Complete and consistent counts of an attempt of a row of the table. */
function roll(dice: (below: number) => number): Attempt {
  const row = PRICE_ROWS[dice(PRICE_ROWS.length)];
  if (row === undefined) throw new Error("the table is empty");
  const size = pick(dice, SIZES);
  // One in eight is at a threshold, or next to it.
  const input = dice(8) === 0 ? pick(dice, THRESHOLDS) + dice(3) - 1 : dice(size);
  const cached = row.pico.cacheRead === null || dice(3) === 0 ? 0 : dice(input + 1);
  const written = row.pico.cacheWrite === null || dice(3) === 0 ? 0 : dice(input - cached + 1);
  const long = row.pico.longCacheWrite === null || dice(2) === 0 ? 0 : dice(written + 1);
  const searches = row.per1000.webSearches === undefined || dice(4) > 0 ? 0 : dice(9);
  const speed = row.provider === "claude" ? pick(dice, SPEEDS) : null;
  return toAttempt(
    {
      inputTokens: input,
      outputTokens: dice(size),
      cachedInputTokens: cached,
      cacheWriteInputTokens: written,
      longCacheWriteInputTokens: long,
      ...(searches > 0 ? { extras: { webSearches: searches } } : {}),
    },
    {
      provider: row.provider,
      model: dice(5) === 0 ? `${row.model}-20260101` : row.model,
      startedAt: pick(dice, DAYS) + dice(86_400_000),
      // A batch is not served in the fast mode.
      serviceTier: speed === "fast" ? null : pick(dice, WORDS),
      speed,
      region: pick(dice, REGIONS),
    },
  );
}

it("prices 1,000,000 random usages as an oracle does", { timeout: 60_000 }, () => {
  const dice = createDice(14);
  const billOf = createOracle(PRICE_ROWS);
  const pricer = createPricer({
    tenants: {
      loyal: [{ provider: "*", model: "*", multiply: [9, 10] }],
      odd: [{ provider: "*", model: "*", multiply: [997, 991] }],
    },
  });
  const tenants = [null, "loyal", "odd"] as const;
  const discounts = [
    [1n, 1n],
    [9n, 10n],
    [997n, 991n],
  ] as const;
  const differences: unknown[] = [];
  let known = 0;
  let beyond = 0;
  for (let at = 0; at < USAGES; at += 1) {
    const attempt = roll(dice);
    const which = dice(3);
    const { nanoUsd } = pricer.price(attempt, tenants[which] ?? null);
    const bill = billOf(attempt, discounts[which] ?? [1n, 1n]);
    const isRepresentable = bill !== null && bill <= BigInt(Number.MAX_SAFE_INTEGER);
    if (isRepresentable) known += 1;
    else if (bill !== null) beyond += 1;
    if (isRepresentable ? nanoUsd === null || BigInt(nanoUsd) !== bill : nanoUsd !== null) {
      if (differences.length < 5) differences.push({ attempt, nanoUsd, bill: String(bill) });
    }
  }
  expect(differences).toEqual([]);
  // Most are priced, and some are more than a safe integer, so that both ways are tested.
  expect(known).toBeGreaterThan(USAGES / 3);
  expect(beyond).toBeGreaterThan(1_000);
});

it("a million costs of 3,800 nano-dollars are 3.8 dollars", () => {
  const pricer = createPricer();
  const attempt = toAttempt({ inputTokens: 38, outputTokens: 0 });
  let sum = 0;
  for (let at = 0; at < USAGES; at += 1) sum += pricer.price(attempt, null).nanoUsd ?? Number.NaN;
  expect(sum).toBe(3_800_000_000);
});
