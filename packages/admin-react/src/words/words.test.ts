import type { Figures, ProviderOverview, SavedData, SystemSettings } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { isConfirmed } from "../parts/page-notices.tsx";
import { describeChanges, describeDifference } from "./describe-changes.ts";
import { describeProvider, toneOfSuccess } from "./describe-provider.ts";
import { formatAgo, formatClock } from "./format-time.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

const figures = (calls: number, succeeded = calls): Figures => ({
  calls,
  succeeded,
  successRate: calls === 0 ? null : succeeded / calls,
  firstTokenMs: null,
  durationMs: null,
});
const windows = (lastMinute: Figures, last5Minutes = lastMinute) => ({
  lastMinute,
  last5Minutes,
  lastHour: last5Minutes,
});

const provider = (change: Partial<ProviderOverview> = {}): ProviderOverview => ({
  provider: "wandb",
  name: "Weights & Biases",
  model: "m",
  modelSource: "default",
  defaultModel: "m",
  envKey: "WANDB_API_KEY",
  envModel: "WANDB_MODEL",
  keyURL: null,
  enabled: true,
  configured: true,
  state: "closed",
  until: null,
  code: null,
  why: null,
  skipped: null,
  ...figures(0),
  windows: windows(figures(0)),
  ...change,
});

describe("a provider's state", () => {
  const tenth = windows(figures(30, 3));
  test.each<[string, Partial<ProviderOverview>, boolean, string, string, RegExp | null]>([
    ["serving, without calls", {}, true, "Serving", "good", null],
    ["serving with a high success rate", { windows: windows(figures(30, 29)) }, true, "Serving", "good", null],
    [
      "serving with a lower success rate",
      { windows: windows(figures(30, 20)) },
      true,
      "Serving",
      "warn",
      /^20 of 30 attempts .* minute \(66 %\)\.$/,
    ],
    ["serving a tenth", { windows: tenth }, true, "Serving", "bad", /^3 of 30 attempts succeeded in the last minute/],
    ["serving, all failed", { windows: windows(figures(4, 0)) }, true, "Failing", "bad", /^0 of 4 attempts/],
    [
      "all failed in a longer window",
      { windows: windows(figures(0), figures(4, 0)) },
      true,
      "Failing",
      "bad",
      /last 5 minutes/,
    ],
    ["a tenth succeeded, as a fallback", { windows: tenth }, false, "Ready", "neutral", null],
    ["ready", {}, false, "Ready", "neutral", null],
    ["no key", { configured: false, skipped: "no key" }, false, "No key", "off", /^Set WANDB_API_KEY and restart\.$/],
    ["no key and no variable", { configured: false, envKey: null }, false, "No key", "off", /^Not configured\.$/],
    ["off", { enabled: false }, false, "Switched off", "off", null],
    [
      "resting",
      { state: "resting", code: "rate_limit", until: NOW + 600_000 },
      false,
      "Resting",
      "warn",
      /^Not used until .+: it is rate limited\.$/,
    ],
    ["open", { state: "open", code: "auth", until: NOW + 300_000 }, false, "Failing", "bad", /: it refuses its key\.$/],
    ["an unknown cause", { state: "open", until: null }, false, "Failing", "bad", /^Not used: it keeps failing\.$/],
    ["half open", { state: "half-open" }, false, "Recovering", "warn", /next call probes/],
    ["misconfigured", { skipped: "invalid WANDB_BASE_URL" }, false, "Excluded", "bad", /^invalid WANDB_BASE_URL\.$/],
    [
      "the only link of the chain",
      { state: "open", code: "server" },
      true,
      "Serving",
      "warn",
      /^It answers with errors, but no/,
    ],
  ])("%s", (_, change, serves, label, tone, detail) => {
    const context = { activeProvider: serves ? "wandb" : "groq", now: NOW, outage: false };
    const words = describeProvider(provider(change), context);
    expect([words.label, words.tone]).toEqual([label, tone]);
    if (detail === null) expect(words.detail).toBeNull();
    else expect(words.detail).toMatch(detail);
  });

  test.each<Partial<ProviderOverview>>([{}, { state: "open", code: "server" }])(
    "in an outage the active provider is failing: %j",
    (change) => {
      const context = { activeProvider: "wandb", now: NOW, outage: true };
      expect(describeProvider(provider(change), context)).toMatchObject({ label: "Failing", tone: "bad" });
    },
  );
});

test.each([
  [null, "neutral"],
  [1, "neutral"],
  [0.95, "neutral"],
  [0.949, "warn"],
  [0.5, "warn"],
  [0.499, "bad"],
  [0.1, "bad"],
  [0, "bad"],
])("a success rate of %s is %s", (rate, tone) => {
  expect(toneOfSuccess(rate)).toBe(tone);
});

test.each([
  ["at once", 2, 0, null, true],
  ["before the page has read it", 1, 0, null, true],
  ["almost a minute later", 2, 59_999, null, true],
  ["a minute later", 2, 60_000, null, false],
  ["after another user has saved", 3, 1_000, null, false],
  ["in an outage that began before", 2, 1_000, -30_000, true],
  ["in an outage that began after it", 2, 30_000, 5_000, false],
])("a saved change is confirmed %s", (_, version, afterMs, lossesAfterMs, expected) => {
  const saved: SavedData = {
    wandbModel: null,
    wandbEnabled: true,
    settings: { order: null, providers: {}, agents: {} },
    version: 2,
    updatedAt: new Date(NOW).toISOString(),
    updatedBy: null,
    activeProvider: null,
    warnings: [],
  };
  const status =
    lossesAfterMs === null
      ? ({ state: "ok", losses: null } as const)
      : ({ state: "outage", losses: { calls: 9, sinceEpochMs: NOW + lossesAfterMs } } as const);
  expect(isConfirmed({ saved, atEpochMs: NOW }, { version, status }, NOW + afterMs)).toBe(expected);
});

describe("the difference between two versions", () => {
  const none: SystemSettings = { order: null, providers: {}, agents: {} };
  const some: SystemSettings = {
    order: ["groq", "wandb"],
    providers: { groq: { enabled: false, model: "x" } },
    agents: { a: { provider: "groq" } },
  };
  const rows = (from: SystemSettings, to: SystemSettings) =>
    describeDifference(from, to, (id) => id.toUpperCase()).map(
      ({ subject, before, after }) => `${subject}: ${before} -> ${after}`,
    );

  test("has the values before and after, in both directions", () => {
    expect(rows(none, some)).toEqual([
      "Order: default order -> GROQ, WANDB",
      "GROQ: on when it has a key -> switched off",
      "GROQ: default model -> model x",
      "Agent a: no override -> GROQ first",
    ]);
    expect(rows(some, none)).toEqual([
      "Order: GROQ, WANDB -> default order",
      "GROQ: switched off -> on when it has a key",
      "GROQ: model x -> default model",
      "Agent a: GROQ first -> no override",
    ]);
  });

  test("is empty for equal versions", () => {
    expect(rows(some, { ...some })).toEqual([]);
  });

  test("has the audience of experiments", () => {
    const experiment = { state: "running", unit: "agent", arms: [], metric: "m", direction: "up" } as const;
    const before = { ...none, experiments: { x: experiment } };
    const audience = { purposes: ["chat"], tenants: ["acme"] };
    const after = { ...none, experiments: { x: { ...experiment, audience } } };
    expect(rows(before, after)).toEqual([
      "Experiment x: running, all calls, version 1 -> running, purposes chat; tenants acme, version 1",
    ]);
    const patches = [{ audience }, { state: "paused" as const, audience: null }, { metric: "n" }];
    const words = patches.flatMap((patch) => describeChanges({ experiments: { x: patch } }, String));
    expect(words.map(({ change }) => change)).toEqual(["audience set", "paused, audience removed", "changed"]);
  });

  test("has only changed fields", () => {
    expect(
      rows(some, { ...some, agents: { a: { models: { groq: "y" } }, b: { provider: "wandb", model: "m" } } }),
    ).toEqual(["Agent a: GROQ first -> GROQ with y", "Agent b: no override -> WANDB first, model m"]);
  });
});

test("describes a patch, one line per change", () => {
  const words = describeChanges(
    {
      order: ["groq", "wandb"],
      providers: { groq: { enabled: false, model: "x" }, wandb: { model: null, enabled: null }, openai: null },
      agents: { a: { provider: "groq", model: "m" }, b: { models: { groq: "n", wandb: null } }, c: null },
    },
    (id) => id.toUpperCase(),
  );
  expect(words.map(({ subject, change }) => `${subject}: ${change}`)).toEqual([
    "Order: GROQ, WANDB",
    "GROQ: switched off",
    "GROQ: model x",
    "WANDB: on when it has a key",
    "WANDB: default model",
    "OPENAI: back to the defaults",
    "Agent a: GROQ first, model m",
    "Agent b: GROQ with n, WANDB with its default model",
    "Agent c: override removed",
  ]);
  expect(new Set(words.map(({ key }) => key)).size).toBe(words.length);
});

test("formats times", () => {
  expect([10_000, 300_000, 7_200_000, 90_000_000].map((ago) => formatAgo(NOW - ago, NOW))).toEqual([
    "just now",
    "5 minutes ago",
    "2 hours ago",
    "yesterday",
  ]);
  const [near, hour, day] = [60_000, 3_600_000, 86_400_000].map((ago) => formatClock(NOW - ago, NOW));
  expect(near).toMatch(/\d\d:\d\d:\d\d/);
  expect(hour).not.toMatch(/:\d\d:/);
  expect(day).toContain("21");
});
