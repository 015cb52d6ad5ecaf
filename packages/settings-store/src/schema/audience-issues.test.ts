import type { ExperimentAudience } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { type AudienceIssue, audienceIssues } from "./audience-issues.ts";

const arms = [
  { id: "control", weight: 5_000 },
  { id: "tuned", weight: 5_000, provider: "wandb" },
];

test.each<[ExperimentAudience, readonly Pick<AudienceIssue, "field">[]]>([
  [{}, []],
  [{ agents: ["npc-1"], purposes: ["chat"], tenants: ["acme"], layer: "models", layerRange: [0, 0.5] }, []],
  [{ agents: ["npc-1", "a\u200bb"] }, [{ field: "agents" }]],
  [{ purposes: [""] }, [{ field: "purposes" }]],
  [{ tenants: ["x".repeat(201)], agents: [""] }, [{ field: "agents" }, { field: "tenants" }]],
  [{ layer: "a b", layerRange: [0, 1] }, [{ field: "layer" }]],
  [{ layer: "a", layerRange: [0.5, 0.5] }, [{ field: "layerRange" }]],
  [{ layer: "a", layerRange: [Number.NaN, 2] }, [{ field: "layerRange" }, { field: "layerRange" }]],
  [{ layer: "a" }, [{ field: null }]],
  [{ layerRange: [0, 1] }, [{ field: null }]],
])("of %j the issues are those of the store: %j", async (audience, issues) => {
  const found = audienceIssues(audience);
  expect(found).toMatchObject(issues);
  expect(found).toHaveLength(issues.length);
  await using store = await createSettingsStore({ url: "memory://", env: {} });
  const saving = store.update({
    experiments: { x: { state: "draft", unit: "agent", arms, metric: "m", direction: "up", audience } },
  });
  if (issues.length === 0) await saving;
  else await expect(saving).rejects.toThrow(found[0]?.message ?? "");
});
