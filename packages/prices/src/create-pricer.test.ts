import { type Attempt, isLLMError } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createPricer, type PricerOptions } from "./create-pricer.ts";
import type { PriceRule } from "./rules/price-rule.ts";
import type { PriceRow } from "./table/price-row.ts";
import { PRICE_ROWS } from "./table/price-table.ts";
import { toAttempt } from "./test-support/to-attempt.ts";

const MILLION = { inputTokens: 1_000_000, outputTokens: 0 };
const usdOf = (options: PricerOptions, facts: Partial<Attempt>, tenant: string | null = null): number | null => {
  const { nanoUsd } = createPricer(options).price(toAttempt(MILLION, facts), tenant);
  return nanoUsd === null ? null : nanoUsd / 1e9;
};

const at = (input: number, rule: Partial<PriceRule> = {}): PriceRule => ({
  provider: "acme",
  model: "m",
  usdPerMTok: { input, output: 1 },
  ...rule,
});
const M = { provider: "acme", model: "m" };

describe("overrides", () => {
  it.each<[string, readonly PriceRule[], Partial<Attempt>, number | null]>([
    ["an exact id", [at(3)], M, 3],
    ["a pattern", [at(3, { model: "acme/*" })], { ...M, model: "acme/x/y" }, 3],
    ["a pattern that does not match", [at(3, { model: "acme/*" })], { ...M, model: "acm/x" }, null],
    ["a pattern in the middle", [at(3, { model: "a*c*e" })], { ...M, model: "abcde" }, 3],
    ["a pattern whose ends would overlap", [at(3, { model: "ab*ba" })], { ...M, model: "aba" }, null],
    ["every model of every provider", [at(3, { provider: "*", model: "*" })], { provider: "x", model: "y" }, 3],
    ["a prefix is not a match", [at(3)], { ...M, model: "mm" }, null],
    ["an exact id before a pattern", [at(3), at(4, { model: "*" })], M, 3],
    ["a longer pattern before a shorter one", [at(3, { model: "m*" }), at(4, { model: "*" })], M, 3],
    ["the last of equals", [at(3), at(4)], M, 4],
    ["the latest that is valid", [at(3), at(4, { from: "2026-11-29" }), at(5, { from: "2026-11-30" })], M, 4],
    ["none before its first day", [at(4, { from: "2026-11-30" })], M, null],
    ["none on the day after its last", [at(4, { until: "2026-11-29" })], M, null],
    ["a discount on the list", [{ provider: "openai", model: "*", multiply: [9, 10] }], { model: "gpt-6-sol" }, 3.6],
    [
      "a tier that was negotiated",
      [{ provider: "openai", model: "*", tiers: { scale: [3, 4] } }],
      { model: "o3", serviceTier: "scale" },
      1.5,
    ],
    [
      "the list's tiers, by a price of one's own",
      [at(3, { provider: "openai", model: "o3" })],
      { model: "o3", serviceTier: "flex" },
      1.5,
    ],
    [
      "the list's price of smaller requests",
      [at(9, { provider: "openai", model: "o3", above: 1_000_000 })],
      { model: "o3" },
      2,
    ],
    ["its own price of larger ones", [at(9, { provider: "openai", model: "o3", above: 999_999 })], { model: "o3" }, 9],
    ["replaced long prices", [at(9, { provider: "openai", model: "gpt-6-sol" })], { model: "gpt-6-sol" }, 9],
  ])("%s", (_, overrides, facts, usd) => {
    expect(usdOf({ overrides }, facts)).toBe(usd);
  });

  it("say so, with the later of the days", () => {
    const { price } = createPricer({
      overrides: [{ provider: "openai", model: "gpt-6.1-sol", from: "2026-11-01", multiply: [9, 10] }],
    });
    const cost = price(toAttempt(MILLION, { model: "gpt-6.1-sol" }), null);
    expect(cost).toMatchObject({ source: "override", effective: "2026-11-01" });
  });
});

describe("tenants", () => {
  const options: PricerOptions = {
    overrides: [at(10)],
    tenants: {
      acme: [{ provider: "*", model: "*", multiply: [9, 10] }],
      own: [at(5)],
    },
  };
  it.each<[string | null, number | null]>([
    [null, 10],
    ["nobody", 10],
    ["acme", 9],
    ["own", 5],
    ["constructor", 10],
  ])("%s", (tenant, usd) => {
    expect(usdOf(options, M, tenant)).toBe(usd);
  });

  it("a discount on nothing is nothing", () => {
    expect(usdOf({ tenants: options.tenants }, M, "acme")).toBeNull();
  });

  it("rounds once, after the discount", () => {
    const { price } = createPricer({
      overrides: [{ ...M, usdPerMTok: { input: 0.001, output: 0.001 } }],
      tenants: { half: [{ ...M, multiply: [1, 2] }], third: [{ ...M, multiply: [1, 3] }] },
    });
    const nano = (tenant: string, inputTokens: number): number | null =>
      price(toAttempt({ inputTokens, outputTokens: 0 }, M), tenant).nanoUsd;
    expect([nano("half", 1), nano("half", 2), nano("half", 3), nano("third", 1), nano("third", 2)]).toEqual([
      1, 1, 2, 0, 1,
    ]);
  });
});

describe("the model that answered", () => {
  it.each<[string, Partial<Attempt>, number | null]>([
    ["is priced, not the requested one", { model: "gpt-6-sol", responseModel: "o3" }, 2],
    ["may be a snapshot of the requested one", { model: "gpt-6-sol", responseModel: "gpt-6-sol-2026-09-22" }, 4],
    ["may have a date of eight digits", { model: "o3", responseModel: "o3-20260101" }, 2],
    ["is not priced as another one", { model: "gpt-6-sol", responseModel: "gpt-7-sol" }, null],
    ["is not priced as one with a shorter name", { model: "gpt-6-sol", responseModel: "gpt-6-sol-mini" }, null],
    ["is not priced by a part of its date", { model: "x", responseModel: "o3-2026" }, null],
    ["is priced when the requested one is an alias", { model: "best", responseModel: "o3" }, 2],
  ])("%s", (_, facts, usd) => {
    expect(usdOf({}, facts)).toBe(usd);
  });
});

describe("rows of one's own", () => {
  const row = (more: Partial<PriceRow>): PriceRow => ({
    provider: "acme",
    model: "m",
    from: null,
    until: null,
    above: 0,
    pico: { input: 2_000_000, output: 0, cacheRead: null, cacheWrite: null, longCacheWrite: null },
    tiers: {},
    regional: false,
    per1000: {},
    source: "test",
    checked: "2026-11-29",
    ...more,
  });

  it("replace the list", () => {
    expect(usdOf({ rows: [row({})] }, M)).toBe(2);
    expect(usdOf({ rows: [row({})] }, { model: "o3" })).toBeNull();
  });

  it("change at midnight UTC", () => {
    const { price } = createPricer({
      rows: [row({ until: "2026-10-07" }), row({ from: "2026-10-07", pico: { ...row({}).pico, input: 1_000_000 } })],
    });
    const nano = (moment: string): number | null =>
      price(toAttempt(MILLION, { ...M, startedAt: Date.parse(moment) }), null).nanoUsd;
    expect([nano("2026-10-06T23:59:59.999Z"), nano("2026-10-07T00:00:00Z")]).toEqual([2e9, 1e9]);
    expect([nano("2026-10-06T23:59:59Z"), nano("2026-10-08T00:00:00Z")]).toEqual([2e9, 1e9]);
  });
});

describe("options that are not valid", () => {
  const price = { input: 1, output: 1 };
  const rule = { provider: "acme", model: "m", usdPerMTok: price };
  it.each<[string, object, string]>([
    ["a negative price", { ...rule, usdPerMTok: { ...price, output: -1 } }, "usdPerMTok.output"],
    ["no number", { ...rule, usdPerMTok: { ...price, cacheRead: "1" } }, "usdPerMTok.cacheRead"],
    ["NaN", { ...rule, usdPerMTok: { ...price, cacheWrite: Number.NaN } }, "usdPerMTok.cacheWrite"],
    ["a price per token", { ...rule, usdPerMTok: { input: 0.0000004, output: 3 } }, "usdPerMTok.input"],
    ["a dear price per token", { ...rule, usdPerMTok: { input: 1, output: 0.00027 } }, "usdPerMTok.output"],
    ["a price in trillionths", { ...rule, usdPerMTok: { input: 400_000, output: 3 } }, "usdPerMTok.input"],
    ["more decimals than are exact", { ...rule, usdPerMTok: { input: 0.1234567, output: 3 } }, "usdPerMTok.input"],
    ["no output", { ...rule, usdPerMTok: { input: 1 } }, "usdPerMTok.output"],
    ["a misspelt price", { ...rule, usdPerMTok: { ...price, cachedRead: 1 } }, "usdPerMTok.cachedRead"],
    ["no model", { ...rule, model: undefined }, "model"],
    ["an empty provider", { ...rule, provider: "" }, "provider"],
    ["no day", { ...rule, from: "2026-02-30" }, "from"],
    ["a moment", { ...rule, until: "2026-01-01T00:00:00Z" }, "until"],
    ["an end before its start", { ...rule, from: "2026-01-02", until: "2026-01-02" }, "until"],
    ["a negative threshold", { ...rule, above: -1 }, "above"],
    ["a threshold without prices", { provider: "a", model: "m", multiply: [1, 2], above: 5 }, "above"],
    ["a factor that is no fraction", { ...rule, multiply: 0.9 }, "multiply"],
    ["a fraction over 0", { ...rule, multiply: [1, 0] }, "multiply"],
    ["a fraction of fractions", { ...rule, multiply: [0.9, 1] }, "multiply"],
    ["a tier that is no fraction", { ...rule, tiers: { flex: 0.5 } }, "tiers.flex"],
    ["a negative price of searches", { ...rule, usdPer1000: { webSearches: -1 } }, "usdPer1000.webSearches"],
    ["a member that is unknown", { ...rule, currency: "EUR" }, "currency"],
    ["nothing to change", { provider: "a", model: "m" }, ""],
  ])("%s", (_, wrong, field) => {
    const path = (start: string): string => (field === "" ? start : `${start}.${field}`);
    // Invalid types, which plain JavaScript permits.
    const rules = [wrong as PriceRule];
    const messages = [{ overrides: rules }, { tenants: { t: rules } }].map((options) => {
      try {
        createPricer(options);
      } catch (thrown) {
        return isLLMError(thrown, "invalid_input") ? thrown.message : String(thrown);
      }
      return "";
    });
    expect(messages).toEqual([
      expect.stringContaining(`${path("overrides[0]")}: expected`),
      expect.stringContaining(`${path("tenants.t[0]")}: expected`),
    ]);
  });

  it("lists that are none", () => {
    const wrong = (value: unknown) => value as PriceRule[];
    expect(() => createPricer({ overrides: wrong({}) })).toThrow(/overrides: expected/);
    expect(() => createPricer({ tenants: { t: wrong(5) } })).toThrow(/tenants\.t: expected/);
  });
});

describe("pricing never throws", () => {
  const pricer = createPricer({
    onWarning: () => {
      throw new Error("the receiver has failed");
    },
  });
  it.each<[string, unknown]>([
    ["nothing", null],
    ["an empty object", {}],
    ["a usage that is none", { ...toAttempt(null), usage: 5 }],
    ["a usage of null", { ...toAttempt(null), usage: null }],
    ["counts that are texts", toAttempt({ inputTokens: "1" as unknown as number, outputTokens: 1 })],
    ["counts that are integers of another kind", toAttempt({ inputTokens: 1n as unknown as number, outputTokens: 1 })],
    ["a model that is none", { ...toAttempt(MILLION), model: undefined, responseModel: 5 }],
    ["a moment that is none", { ...toAttempt(MILLION), startedAt: Number.NaN }],
    ["a tier that is none", { ...toAttempt(MILLION), serviceTier: {} }],
    ["an unknown model, and a warning that fails", { ...toAttempt(MILLION), model: "nobody" }],
  ])("%s", (_, attempt) => {
    expect(pricer.price(attempt as Attempt, null)).toMatchObject({ nanoUsd: null, currency: "USD" });
  });

  it("names of models from replies do not fill the memory", () => {
    const before = createPricer();
    for (let at = 0; at < 5_000; at += 1) {
      expect(before.price(toAttempt(MILLION, { responseModel: `m${at}` }), null).nanoUsd).toBeNull();
    }
    expect(before.price(toAttempt(MILLION, { model: "o3" }), null).nanoUsd).toBe(2e9);
  });
});

describe("the highest cost of an attempt", () => {
  const ask = { provider: "claude", model: "claude-opus-5-5", tenant: null, startedAt: Date.UTC(2026, 10, 29) };

  it("has all input at its dearest kind, and every surcharge", () => {
    // An hour of cache at 8 dollars and output at 20, both doubled by the fast mode and a tenth more in the US.
    const highest = createPricer().highest?.({ ...ask, inputTokens: 1_000, outputTokens: 100 });
    expect(highest).toBe((1_000 * 8_000 + 100 * 20_000) * 2.2);
  });

  it("is not below what any attempt with these tokens costs", () => {
    const pricer = createPricer({ tenants: { acme: [{ provider: "*", model: "*", multiply: [3, 2] }] } });
    for (const { provider, model, tiers } of PRICE_ROWS) {
      for (const inputTokens of [10, 150_000, 400_000]) {
        const tokens = { inputTokens, outputTokens: 1_000 };
        for (const tenant of [null, "acme"]) {
          const highest = pricer.highest?.({ ...ask, provider, model, tenant, ...tokens }) ?? null;
          for (const serviceTier of [null, ...Object.keys(tiers)]) {
            const facts = { provider, model, serviceTier, startedAt: ask.startedAt };
            const { nanoUsd } = pricer.price(toAttempt(tokens, facts), tenant);
            if (nanoUsd !== null) expect(highest).toBeGreaterThanOrEqual(nanoUsd);
          }
        }
      }
    }
  });

  it("is not known without a price", () => {
    const unknown = { ...ask, model: "acme/unknown", inputTokens: 1, outputTokens: 1 };
    expect(createPricer().highest?.(unknown)).toBeNull();
  });
});
