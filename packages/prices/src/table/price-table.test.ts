import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { describe, expect, it } from "vitest";
import { pricesCheckedAt, pricesWarning } from "../prices-age.ts";
import { parseDay } from "./day-number.ts";
import { PRICE_GAPS } from "./price-gaps.ts";
import { PRICE_ROWS } from "./price-table.ts";

const nameOf = ({ provider, model }: { provider: string; model: string }): string => `${provider} ${model}`;

describe("the models that the adapters list", () => {
  const listed = [wandb(), groq(), claude(), openai()].flatMap(({ id, models }) =>
    models.map((model) => nameOf({ provider: id, model: model.id })),
  );
  const priced = new Set(PRICE_ROWS.filter(({ until }) => until === null).map(nameOf));
  const gaps = PRICE_GAPS.map(nameOf);

  it("have a price without an end, or are a named gap", () => {
    expect(listed.length).toBeGreaterThan(40);
    expect(listed.filter((name) => !priced.has(name)).toSorted()).toEqual(gaps.toSorted());
  });

  it("no gap is of a model that no adapter lists", () => {
    expect(gaps.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it("each default model has a price", () => {
    for (const { id, defaultModel } of [wandb(), groq(), claude(), openai()]) {
      expect(priced.has(`${id} ${defaultModel}`), defaultModel).toBe(true);
    }
  });
});

describe("the rows", () => {
  it("have whole prices, days of the calendar, and a source", () => {
    for (const row of PRICE_ROWS) {
      const { pico, from, until, above, tiers, per1000, source, checked } = row;
      const amounts = [...Object.values(pico), above, per1000.webSearches ?? 0, ...Object.values(tiers).flat()];
      for (const amount of amounts)
        expect(amount === null || (Number.isSafeInteger(amount) && amount >= 0), nameOf(row)).toBe(true);
      for (const day of [from, until, checked]) expect(day === null || parseDay(day) !== null, nameOf(row)).toBe(true);
      expect(source).not.toBe("");
      expect((per1000.webSearches ?? 0) % 1_000).toBe(0);
    }
  });

  it("do not overlap: a model has one price for a size on a day", () => {
    const groups = Map.groupBy(PRICE_ROWS, (row) => `${nameOf(row)} above ${row.above}`);
    for (const [name, rows] of groups) {
      const ordered = rows.toSorted((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
      for (const [at, row] of ordered.slice(0, -1).entries()) expect(row.until, name).toBe(ordered[at + 1]?.from);
      expect(
        ordered.slice(1).every(({ from }) => from !== null),
        name,
      ).toBe(true);
    }
  });

  it("have a price for small requests wherever they have one for large ones", () => {
    for (const { provider, model, from, above } of PRICE_ROWS.filter((row) => row.above > 0)) {
      const base = PRICE_ROWS.find(
        (row) => row.provider === provider && row.model === model && row.from === from && row.above === 0,
      );
      expect(base, `${provider} ${model} above ${above}`).toBeDefined();
    }
  });
});

describe("the age of the list", () => {
  it("is the day of its comparison with the sources", () => {
    expect(parseDay(pricesCheckedAt)).not.toBeNull();
    expect(PRICE_ROWS.every(({ checked }) => checked <= pricesCheckedAt)).toBe(true);
  });

  it.each<[string, boolean]>([
    ["2026-01-01", false],
    ["2026-02-15", false],
    ["2026-02-16", true],
    ["2027-01-01", true],
  ])("on %s, a list of 2026-01-01 is too old: %s", (today, isOld) => {
    const warning = pricesWarning(Date.parse(today), "2026-01-01");
    expect(warning !== null).toBe(isOld);
    if (isOld) expect(warning).toMatch(/2026-01-01.*45 days/);
  });
});
