import { expect, it } from "vitest";
import { readGenaiPrices } from "./read-genai-prices.ts";

/** The shape of `@pydantic/genai-prices` 0.1.8. */
const openai = {
  id: "openai",
  name: "OpenAI",
  api_pattern: "https://api\\.openai\\.com",
  models: [
    {
      id: "gpt-5.6-luna",
      match: {
        or: [
          { equals: "gpt-5.6-luna" },
          { equals: "gpt-5-6-luna" },
          { regex: "^gpt-5\\.6-luna-\\d{4}-\\d{2}-\\d{2}$" },
        ],
      },
      prices: [
        {
          prices: {
            input_mtok: { base: 1, tiers: [{ start: 271_999, price: 2 }] },
            output_mtok: { base: 6, tiers: [{ start: 271_999, price: 9 }] },
            web_searches_kcount: 10,
          },
        },
        {
          constraint: { start_date: "2026-07-30", type: "start_date" },
          prices: { input_mtok: 0.2, cache_read_mtok: 0.02, cache_write_mtok: 0.25, output_mtok: 1.2 },
        },
      ],
    },
    {
      id: "gpt-4o-mini",
      match: {
        or: [{ equals: "gpt-4o-mini" }, { equals: "gpt-4o-mini-2024-07-18" }, { equals: "gpt-4o-mini-search-preview" }],
      },
      prices: { input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6 },
    },
    { id: "gpt-4o-audio-preview", match: { equals: "x" }, prices: { input_mtok: 2.5, output_mtok: 10 } },
    {
      id: "gpt-oss-120b",
      match: { equals: "x" },
      prices: { input_mtok: 1, output_mtok: 1 },
      price_comments: "Imported from OpenRouter pricing",
    },
    { id: "text-embedding-3-small", match: { equals: "x" }, prices: { input_mtok: 0.02 } },
    {
      id: "by-the-hour",
      match: { equals: "x" },
      prices: [
        {
          constraint: { type: "time_of_date", start_time: "1", end_time: "2" },
          prices: { input_mtok: 1, output_mtok: 1 },
        },
      ],
    },
  ],
};

it("reads ids, periods and sizes of requests", () => {
  const prices = readGenaiPrices(openai, "openai", "genai-prices 0.1.8");
  const short = prices.map(({ model, from, until, above, pico, webSearchesPer1000 }) => [
    model,
    from,
    until,
    above,
    Object.values(pico),
    webSearchesPer1000,
  ]);
  expect(short).toEqual([
    ["gpt-5.6-luna", null, "2026-07-30", 0, [1_000_000, 6_000_000, null, null, null], 1e13],
    // "More than 272K".
    ["gpt-5.6-luna", null, "2026-07-30", 272_000, [2_000_000, 9_000_000, null, null, null], 1e13],
    ["gpt-5.6-luna", "2026-07-30", null, 0, [200_000, 1_200_000, 20_000, 250_000, null], null],
    ["gpt-4o-mini", null, null, 0, [150_000, 600_000, 75_000, null, null], null],
    ["gpt-4o-mini-2024-07-18", null, null, 0, [150_000, 600_000, 75_000, null, null], null],
  ]);
});

it("leaves out the date of Anthropic's snapshots, which is ignored when a call is priced", () => {
  const match = {
    or: [{ equals: "claude-opus-4" }, { equals: "claude-opus-4-20250514" }, { starts_with: "claude-4-opus" }],
  };
  const prices = { input_mtok: 15, output_mtok: 75, cache_write_mtok: 18.75, cache_write_1h_mtok: 30 };
  const read = readGenaiPrices({ models: [{ id: "claude-opus-4-0", match, prices }] }, "claude", "s");
  expect(read.map(({ model }) => model)).toEqual(["claude-opus-4-0", "claude-opus-4"]);
  expect(read[0]?.pico.longCacheWrite).toBe(30_000_000);
});

it("rejects data of another shape, and prices that are not exact", () => {
  expect(() => readGenaiPrices({}, "openai", "s")).toThrow(/openai has no models/);
  const model = { id: "m", match: { equals: "m" }, prices: { input_mtok: 0.123_456_78, output_mtok: 1 } };
  expect(() => readGenaiPrices({ models: [model] }, "openai", "s")).toThrow(RangeError);
});
