import { describe, expect, test } from "vitest";
import { ALL_CALLS, type AudienceForm, audienceProblems, toAudience, toAudienceForm } from "./audience-form.ts";

test.each([
  [undefined],
  [{ agents: ["npc-1", "the mayor"] }],
  [{ agents: ["a,b", "c"], purposes: ["chat"], tenants: ["acme"] }],
  [{ tenants: ["acme"], layer: "models", layerRange: [0, 0.5] as const }],
])("the audience %j is the same after it was edited without a change", (audience) => {
  expect(toAudience(toAudienceForm(audience))).toEqual(audience);
});

describe("problems", () => {
  test.each<[string, Partial<AudienceForm>, object]>([
    ["none without anything", {}, {}],
    ["none of lists and a layer", { agents: "a, b", layer: "models", layerFrom: "0", layerTo: ".5" }, {}],
    ["a hidden character", { agents: "a, b\u200bc" }, { agents: expect.stringContaining("invisible") }],
    ["a long tenant", { tenants: "x".repeat(201) }, { tenants: expect.stringContaining("200") }],
    ["a layer without a range", { layer: "models" }, { layerRange: "Layer and layerRange are set together." }],
    ["a range without a layer", { layerFrom: "0", layerTo: "1" }, { layer: "Layer and layerRange are set together." }],
    ["half a range", { layer: "l", layerFrom: "0" }, { layerRange: "Expected a number from 0 to 1." }],
    ["a range beyond 1", { layer: "l", layerFrom: "0", layerTo: "5" }, { layerRange: "At most 1." }],
    ["a range that ends first", { layer: "l", layerFrom: "0.5", layerTo: "0.2" }, { layerRange: /begins before/ }],
    ["a layer with spaces", { layer: "a b", layerFrom: "0", layerTo: "1" }, { layer: /letters/ }],
  ])("%s", (_, change, problems) => {
    const found = audienceProblems({ ...ALL_CALLS, ...change });
    expect(Object.keys(found)).toEqual(Object.keys(problems));
    for (const [field, expected] of Object.entries(problems)) {
      const message = Object.entries(found).find(([name]) => name === field)?.[1];
      if (expected instanceof RegExp) expect(message).toMatch(expected);
      else expect(message).toEqual(expected);
    }
  });
});
