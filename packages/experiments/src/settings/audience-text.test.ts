import type { ExperimentAudience } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { audienceText } from "./audience-text.ts";

test.each<[ExperimentAudience | undefined, string]>([
  [undefined, "all calls"],
  [{}, "all calls"],
  [{ agents: ["npc-1", "npc-2"] }, "agents npc-1, npc-2"],
  [{ agents: [] }, "no agents"],
  [{ agents: ["1", "2", "3", "4", "5", "6", "7"] }, "agents 1, 2, 3, 4, 5 and 2 more"],
  [{ purposes: ["chat"], tenants: ["acme"] }, "purposes chat; tenants acme"],
  [{ layer: "models", layerRange: [0, 0.5] }, "layer models, 0 to 0.5"],
])("the audience %j in words", (audience, text) => {
  expect(audienceText(audience)).toBe(text);
});
