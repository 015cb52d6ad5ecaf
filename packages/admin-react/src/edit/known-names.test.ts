import { expect, test } from "vitest";
import { mergeNames, namesInSettings } from "./known-names.ts";

test("the names in settings are those of agents, audiences and budgets, each once", () => {
  const experiment = { state: "draft", unit: "agent", arms: [], metric: "m", direction: "up" } as const;
  const settings = {
    order: null,
    providers: {},
    agents: { mayor: { provider: "groq" } },
    experiments: {
      a: experiment,
      b: { ...experiment, audience: { agents: ["mayor", "npc-1"], purposes: ["chat"], tenants: ["acme"] } },
    },
    budgets: [
      { id: "all", scope: "all", per: "day", limitUsd: 1 },
      { id: "each", scope: { tenant: "*", purpose: "plan" }, per: "day", limitUsd: 1 },
    ],
  } as const;
  expect(namesInSettings(settings)).toEqual({
    agents: ["mayor", "npc-1"],
    purposes: ["chat", "plan"],
    tenants: ["acme"],
  });
  expect(mergeNames(["a", ""], ["b", "a"])).toEqual(["a", "b"]);
});
