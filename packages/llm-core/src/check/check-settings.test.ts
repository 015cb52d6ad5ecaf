import { describe, expect, test } from "vitest";
import { settings } from "./check-settings.ts";

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

/** Settings from a store to which a newer version has written. */
const NEWER = {
  order: ["a"],
  providers: { a: { enabled: true, tier: "gold" } },
  agents: { bot: { provider: "a", budget: null }, other: { tuned: {} } },
  budgets: { daily: 5 },
};

const EXPERIMENT = { state: "running", unit: "call", direction: "up", metric: "m", arms: [{ id: 1 }] };

describe("settings with unknown fields", () => {
  test("are accepted in a frozen snapshot of a store", () => {
    expect(() => settings(freeze(structuredClone(NEWER)), "settings")).not.toThrow();
  });

  test.each<[path: string, value: object]>([
    ["settings.budgets", { budgets: NEWER.budgets }],
    ["settings.quotas", { quotas: {} }],
    ["settings.providers.a.tier", { providers: NEWER.providers }],
    ["settings.agents.bot.budget", { agents: { bot: NEWER.agents.bot } }],
    ["settings.agents.other.tuned", { agents: { other: NEWER.agents.other } }],
    ["settings.experiments.x.unit", { experiments: { x: { state: "running", unit: "team" } } }],
    ["settings.experiments.x.arms", { experiments: { x: EXPERIMENT } }],
  ])("are refused in options of a caller: %s", (path, value) => {
    expect(() => settings(value, "settings")).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => settings(value, "settings")).toThrow(path);
  });

  test.each<[path: string, value: object]>([
    ["settings.order", { order: "a" }],
    ["settings.providers.a.enabled", { providers: { a: { enabled: 1 } } }],
    ["settings.agents.bot.provider", { agents: { bot: {} } }],
    ["settings.agents.bot.provider", { agents: { bot: { model: "m", tier: 1 } } }],
  ])("do not hide invalid known fields: %s", (path, value) => {
    expect(() => settings(freeze(value), "settings")).toThrow(path);
  });
});
