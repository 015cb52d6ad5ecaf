import { invalidInput, isRecord } from "@babylon/llm-core";
import { parseDay } from "../table/day-number.ts";

type Check = (value: unknown, path: string) => void;

/** Below this a price is one per token: no vendor sells a million tokens for a tenth of a cent (2026-11). */
const LEAST_USD_PER_MTOK = 0.001;
/** No vendor sells a million tokens for as much (2026-11). */
const MOST_USD_PER_MTOK = 10_000;
const MOST_USD_PER_1000 = 10_000;
/** Keeps sums within exact integers. */
const MOST_OF_RATIO = 10_000;

/** Whether an amount in dollars is a whole number of millionths. */
function isExact(usd: number): boolean {
  const millionths = usd * 1e6;
  return Math.abs(millionths - Math.round(millionths)) < 1e-6;
}

const usdPerMTok: Check = (value, path) => {
  if (typeof value !== "number" || !(value >= 0)) throw invalidInput(path, "US dollars per million tokens, at least 0");
  if (value !== 0 && value < LEAST_USD_PER_MTOK) {
    throw invalidInput(
      path,
      `US dollars per million tokens, 0 or at least ${LEAST_USD_PER_MTOK}; this is a price per token`,
    );
  }
  if (value > MOST_USD_PER_MTOK)
    throw invalidInput(path, `US dollars per million tokens, at most ${MOST_USD_PER_MTOK}`);
  if (!isExact(value)) throw invalidInput(path, "US dollars per million tokens, with at most six decimals");
};

const usdPer1000: Check = (value, path) => {
  if (typeof value !== "number" || !(value >= 0 && value <= MOST_USD_PER_1000) || !isExact(value)) {
    throw invalidInput(path, `US dollars for 1,000 uses, from 0 to ${MOST_USD_PER_1000}, with at most six decimals`);
  }
};

const ratio: Check = (value, path) => {
  const [numerator, denominator]: readonly unknown[] = Array.isArray(value) && value.length === 2 ? value : [];
  const isWhole = (part: unknown, least: number): boolean =>
    typeof part === "number" && Number.isSafeInteger(part) && part >= least && part <= MOST_OF_RATIO;
  if (!isWhole(numerator, 0) || !isWhole(denominator, 1)) {
    throw invalidInput(path, `a fraction of two whole numbers of at most ${MOST_OF_RATIO}, such as [9, 10]`);
  }
};

const name: Check = (value, path) => {
  if (typeof value !== "string" || value === "") throw invalidInput(path, "a name, or a pattern with *");
};

const day: Check = (value, path) => {
  if (typeof value !== "string" || parseDay(value) === null) throw invalidInput(path, "a day, YYYY-MM-DD");
};

const threshold: Check = (value, path) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw invalidInput(path, "a whole number of input tokens, at least 0");
  }
};

const valuesOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isRecord(value)) throw invalidInput(path, "an object");
    for (const [key, each] of Object.entries(value)) check(each, `${path}.${key}`);
  };

function objectOf(checks: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, path) => {
    if (!isRecord(value)) throw invalidInput(path, "an object");
    for (const key of required) if (value[key] === undefined) throw invalidInput(`${path}.${key}`, "a value");
    for (const [key, each] of Object.entries(value)) {
      const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
      if (check === undefined) throw invalidInput(`${path}.${key}`, `one of ${Object.keys(checks).join(", ")}`);
      if (each !== undefined) check(each, `${path}.${key}`);
    }
  };
}

const EFFECTS = ["usdPerMTok", "multiply", "tiers", "usdPer1000"] as const;

const fields = objectOf(
  {
    provider: name,
    model: name,
    from: day,
    until: day,
    above: threshold,
    usdPerMTok: objectOf(
      {
        input: usdPerMTok,
        output: usdPerMTok,
        cacheRead: usdPerMTok,
        cacheWrite: usdPerMTok,
        longCacheWrite: usdPerMTok,
      },
      ["input", "output"],
    ),
    multiply: ratio,
    tiers: valuesOf(ratio),
    usdPer1000: objectOf({ webSearches: usdPer1000 }, []),
  },
  ["provider", "model"],
);

/** Validates a rule, which may come from plain JavaScript or from JSON. Throws `invalid_input` with the path of the mistake. */
export function checkRule(rule: unknown, path: string): void {
  fields(rule, path);
  if (!isRecord(rule)) return;
  if (EFFECTS.every((effect) => rule[effect] === undefined)) throw invalidInput(path, `one of ${EFFECTS.join(", ")}`);
  if (rule.above !== undefined && rule.usdPerMTok === undefined) {
    throw invalidInput(`${path}.above`, "a threshold together with usdPerMTok");
  }
  if (typeof rule.from === "string" && typeof rule.until === "string" && rule.until <= rule.from) {
    throw invalidInput(`${path}.until`, "a day after from");
  }
}
