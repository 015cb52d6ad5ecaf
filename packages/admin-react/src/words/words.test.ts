import type { AdminData, ProviderOverview } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { describeChain } from "./describe-chain.ts";
import { describeChanges } from "./describe-changes.ts";
import { describeStanding } from "./describe-standing.ts";
import { formatAgo, formatDuration, formatShare } from "./format-time.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

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
  calls: 0,
  successRate: null,
  firstTokenMs: null,
  durationMs: null,
  ...change,
});

describe("a provider's state", () => {
  test.each<[string, Partial<ProviderOverview>, boolean, string, RegExp | null]>([
    ["serving", {}, true, "Serving", null],
    ["ready", {}, false, "Ready", null],
    ["no key", { configured: false, skipped: "no key" }, false, "No key", /^Set WANDB_API_KEY and restart\.$/],
    ["no variable either", { configured: false, envKey: null }, false, "No key", /^Not configured\.$/],
    ["off", { enabled: false }, false, "Switched off", null],
    [
      "resting",
      { state: "resting", code: "rate_limit", until: NOW + 600_000 },
      false,
      "Resting",
      /^Left alone until .+ because of a rate limit\.$/,
    ],
    ["open", { state: "open", code: "auth", until: NOW + 300_000 }, false, "Failing", /because its key was refused\.$/],
    [
      "an unknown cause",
      { state: "open", code: null, until: null },
      false,
      "Failing",
      /^Left alone because it keeps failing\.$/,
    ],
    ["half open", { state: "half-open" }, false, "Recovering", /next/],
    ["misconfigured", { skipped: "invalid WANDB_BASE_URL" }, false, "Left out", /^invalid WANDB_BASE_URL\.$/],
    ["the last one left", { state: "open", code: "server" }, true, "Serving", /^Though it answers with errors/],
  ])("%s", (_, change, serves, label, detail) => {
    const words = describeStanding(provider(change), serves ? "wandb" : "groq", NOW);
    expect(words.label).toBe(label);
    if (detail === null) expect(words.detail).toBeNull();
    else expect(words.detail).toMatch(detail);
  });
});

describe("the chain in a sentence", () => {
  const link = (id: string) => ({ provider: id, model: "m", reason: "default model" });
  const page = (overview: readonly ProviderOverview[], links: readonly string[]): AdminData => ({
    currentSettings: { wandbModel: null, wandbEnabled: true },
    settings: { order: null, providers: {}, agents: {} },
    version: 0,
    updatedAt: null,
    updatedBy: null,
    providers: {},
    chain: links.map(link),
    skipped: [],
    overview,
    health: { scope: "this process", links: [] },
    activeProvider: links[0] ?? null,
    wandbModels: [],
    models: {},
    recommendedModels: [],
    warnings: [],
    actor: "ana",
    now: NOW,
  });
  const groq = provider({ provider: "groq", name: "Groq" });

  test.each<[string, AdminData, string, string]>([
    [
      "all well",
      page([provider(), groq], ["wandb", "groq"]),
      "Weights & Biases is serving",
      "1 more stands behind it.",
    ],
    [
      "the first one fails",
      page([provider({ state: "open", code: "overloaded" }), groq], ["groq"]),
      "Groq is serving",
      "Weights & Biases is failing: it is overloaded. Nobody stands behind it.",
    ],
    [
      "the first one is off",
      page([provider({ enabled: false }), groq], ["groq"]),
      "Groq is serving",
      "Weights & Biases is switched off. Nobody stands behind it.",
    ],
    [
      "no keys",
      page([provider({ configured: false })], []),
      "Nothing can be called",
      "No provider has a key yet. Set one of the variables below and restart.",
    ],
    [
      "all off",
      page([provider({ enabled: false })], []),
      "Nothing can be called",
      "Every provider that has a key is switched off or left out.",
    ],
  ])("%s", (_, data, headline, detail) => {
    expect(describeChain(data)).toMatchObject({ headline, detail });
  });
});

test("a patch in words, one line a change", () => {
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
    "Agent b: GROQ with n, WANDB as everybody",
    "Agent c: no override any more",
  ]);
  expect(new Set(words.map(({ key }) => key)).size).toBe(words.length);
});

test("numbers for people", () => {
  expect([null, 4.4, 640, 2_440, 31_400].map(formatDuration)).toEqual(["–", "4 ms", "640 ms", "2.4 s", "31 s"]);
  // Not all is not 100 %.
  expect([null, 0, 0.996, 1].map(formatShare)).toEqual(["–", "0 %", "99 %", "100 %"]);
  expect([10_000, 300_000, 7_200_000, 90_000_000].map((ago) => formatAgo(NOW - ago, NOW))).toEqual([
    "just now",
    "5 minutes ago",
    "2 hours ago",
    "yesterday",
  ]);
});
