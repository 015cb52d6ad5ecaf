import { describe, expect, test } from "vitest";
import { DEFAULT_VIEW, parseView, type TabView, toggleFilter, writeView } from "./tab-view.ts";
import { bucketsOf, chosenBucket, isComplete, spanParams } from "./usage-params.ts";

describe("the URL", () => {
  test.each<[string, Partial<TabView>]>([
    ["", {}],
    ["?ai-page=usage&ai-range=30d&ai-by=model", { page: "usage", range: "30d", by: "model" }],
    ["?ai-page=usage&ai-by=none", { page: "usage", by: null }],
    [
      "?ai-page=usage&ai-range=custom&ai-from=2026-11-01&ai-to=2026-11-20",
      { page: "usage", range: "custom", from: "2026-11-01", to: "2026-11-20" },
    ],
    ["?ai-page=experiments&ai-experiment=npc-model", { page: "experiments", experiment: "npc-model" }],
    ["?ai-page=tuning&ai-tuning=job%3Aa1", { page: "tuning", tuning: "job:a1" }],
    ["?ai-page=calls&ai-call=a%2Fb+c&ai-search=x+y", { page: "calls", call: "a/b c", search: "x y" }],
    [
      "?ai-page=usage&ai-bucket=day&ai-zone=Asia%2FKathmandu",
      { page: "usage", timeZone: "Asia/Kathmandu", bucket: "day" },
    ],
    ["?ai-provider=groq&ai-provider=&ai-agent=b%26c", { where: { provider: ["groq", ""], agent: ["b&c"] } }],
  ])("%s and back", (search, changes) => {
    const view = { ...DEFAULT_VIEW, ...changes };
    expect(parseView(search)).toEqual(view);
    expect(writeView(view, "")).toBe(search);
  });

  test("what is not valid has its default", () => {
    expect(
      parseView("?ai-page=admin&ai-range=9y&ai-by=colour&ai-zone=Mars&ai-bucket=all&ai-from=x&page=usage"),
    ).toEqual(DEFAULT_VIEW);
  });

  test("parameters of the host are kept", () => {
    expect(writeView({ ...DEFAULT_VIEW, page: "usage" }, "?tab=ai&ai-page=calls&ai-search=x")).toBe(
      "?tab=ai&ai-page=usage",
    );
  });
});

test("filters are added once and removed, and close the open call", () => {
  const once = toggleFilter({ ...DEFAULT_VIEW, call: "1" }, "agent", "a", true);
  expect(toggleFilter(once, "agent", "a", true)).toEqual({ ...DEFAULT_VIEW, where: { agent: ["a"] } });
  expect(writeView(toggleFilter(once, "agent", "a", false), "")).toBe("");
});

describe("the periods", () => {
  test.each([
    ["24h", "", "", ["hour", "day"]],
    ["7d", "", "", ["hour", "day"]],
    ["30d", "", "", ["day"]],
    ["90d", "", "", ["day", "month"]],
    ["12mo", "", "", ["month"]],
    ["custom", "2026-11-01", "2026-11-12", ["hour", "day"]],
    ["custom", "2026-11-01", "2026-11-13", ["day"]],
    ["custom", "2016-11-01", "2026-11-01", ["month"]],
  ])("of %s %s %s are at most 300", (range, from, to, buckets) => {
    const view = { ...DEFAULT_VIEW, range, from, to };
    expect(bucketsOf(view)).toEqual(buckets);
    expect(chosenBucket({ ...view, bucket: "month" })).toBe(buckets.includes("month") ? "month" : buckets[0]);
  });

  test("the last day of a custom range is included", () => {
    const view = { ...DEFAULT_VIEW, range: "custom", from: "2026-10-01", to: "2026-10-31", timeZone: "UTC" };
    expect(spanParams(view)).toEqual([
      ["from", "2026-10-01"],
      ["to", "2026-11-01"],
      ["timeZone", "UTC"],
    ]);
    expect([isComplete(view), isComplete({ ...view, to: "" }), isComplete({ ...view, to: "2026-09-01" })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
