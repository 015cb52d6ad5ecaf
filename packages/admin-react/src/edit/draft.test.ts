import type { SystemSettings } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import {
  type Draft,
  isChanged,
  moveItem,
  orderOf,
  reapply,
  setAgent,
  setEnabled,
  setModel,
  setOrder,
} from "./draft.ts";

const saved: SystemSettings = {
  order: null,
  providers: { wandb: { model: "a/b", enabled: true } },
  agents: { ana: { provider: "groq" } },
};

describe("an edit changes the given field only", () => {
  test.each<[string, SystemSettings, Partial<SystemSettings>]>([
    [
      "disabled: the model is kept",
      setEnabled(saved, "wandb", false),
      { providers: { wandb: { model: "a/b", enabled: false } } },
    ],
    [
      "model removed: the enabled state is kept",
      setModel(saved, "wandb", null),
      { providers: { wandb: { enabled: true } } },
    ],
    [
      "a provider without settings",
      setModel(saved, "groq", "x:y"),
      { providers: { ...saved.providers, groq: { model: "x:y" } } },
    ],
    ["an order", setOrder(saved, ["groq"]), { order: ["groq"] }],
    [
      "another agent",
      setAgent(saved, "ben", { models: { groq: "m" } }),
      { agents: { ...saved.agents, ben: { models: { groq: "m" } } } },
    ],
    ["one agent removed", setAgent(saved, "ana", null), { agents: {} }],
  ])("%s", (_, edited, change) => {
    expect(edited).toEqual({ ...saved, ...change });
  });
});

test.each([
  [0, 2, ["b", "c", "a"]],
  [2, 0, ["c", "a", "b"]],
  [0, 3, ["a", "b", "c"]],
  [0, -1, ["a", "b", "c"]],
  [7, 0, ["a", "b", "c"]],
])("moving %i to %i", (from, to, expected) => {
  expect(moveItem(["a", "b", "c"], from, to)).toEqual(expected);
});

test("listed ids come first, unknown ones are dropped, the others keep their order", () => {
  expect(orderOf({ ...saved, order: ["claude", "unknown", "groq"] }, ["wandb", "groq", "claude"])).toEqual([
    "claude",
    "groq",
    "wandb",
  ]);
});

test("a reverted edit is no change", () => {
  const base = { settings: saved, version: 3 };
  expect(isChanged({ base, settings: setEnabled(setEnabled(saved, "wandb", false), "wandb", true) })).toBe(false);
  expect(isChanged({ base, settings: setEnabled(saved, "wandb", false) })).toBe(true);
});

test("own changes are reapplied to newer settings, which keep all other changes", () => {
  const draft: Draft = { base: { settings: saved, version: 3 }, settings: setModel(saved, "wandb", "mine") };
  const theirs = setAgent(setEnabled(setModel(saved, "wandb", "theirs"), "wandb", false), "ben", {
    provider: "openai",
  });
  const next = reapply(draft, { settings: theirs, version: 5, updatedAt: null, updatedBy: "ben" });
  expect(next.base.version).toBe(5);
  expect(next.settings).toEqual(setModel(theirs, "wandb", "mine"));
});
