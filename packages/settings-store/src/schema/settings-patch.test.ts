import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { applySettingsPatch, diffSettings } from "./settings-patch.ts";
import { patchSchema } from "./settings-schema.ts";

const all: SystemSettings = {
  order: ["groq", "wandb"],
  providers: { wandb: { enabled: false, model: "a/b:c" }, groq: {} },
  agents: { ana: { provider: "groq", model: "m" }, ben: { models: { wandb: "x" } } },
};

describe("the patch between two settings transforms one into the other", () => {
  const other: SystemSettings = {
    order: ["wandb"],
    providers: { wandb: { model: "d" }, claude: { enabled: true } },
    agents: { ana: { models: { groq: "n" } } },
  };
  test.each([
    ["nothing to all", EMPTY_SETTINGS, all],
    ["all to nothing", all, EMPTY_SETTINGS],
    ["one to another", all, other],
    ["and back", other, all],
  ])("%s", (_, from, to) => {
    expect(applySettingsPatch(from, diffSettings(from, to))).toEqual(to);
  });
});

const arms = [
  { id: "a", weight: 5_000 },
  { id: "b", weight: 5_000 },
];
const running = { state: "running", unit: "agent", arms, metric: "m", direction: "up" } as const;

describe("experiments", () => {
  const before: SystemSettings = { ...EMPTY_SETTINGS, experiments: { x: running, y: running } };
  test.each<[string, SystemSettings["experiments"], object]>([
    ["are kept where they are left out", undefined, {}],
    ["are removed by an empty table", {}, { experiments: { x: null, y: null } }],
    ["are removed one by one", { x: running }, { experiments: { y: null } }],
    [
      "change field by field",
      { x: { ...running, state: "paused" }, y: running },
      { experiments: { x: { state: "paused" } } },
    ],
  ])("%s", (_, experiments, patch) => {
    expect(diffSettings(before, { ...EMPTY_SETTINGS, experiments })).toEqual(patch);
  });
});

test("equal settings need no patch", () => {
  expect(diffSettings(all, structuredClone(all))).toEqual({});
});

test("an agent with the name of an inherited property is an ordinary agent", () => {
  const patch = JSON.parse('{"agents":{"toString":{"provider":"groq"}}}');
  const settings = applySettingsPatch(EMPTY_SETTINGS, patch);
  expect(Object.keys(settings.agents)).toEqual(["toString"]);
  expect(diffSettings(EMPTY_SETTINGS, settings)).toEqual(patch);
});

describe("fields of a newer version", () => {
  const newer = (fields: object, others: object = {}): SystemSettings =>
    Object.assign({ ...all, providers: { ...all.providers, groq: fields } }, others);

  test.each<[what: string, from: SystemSettings, to: SystemSettings, patch: object]>([
    ["stay where they are left out", newer({ tier: "gold" }, { budgets: { daily: null } }), newer({}), {}],
    ["are no change where they are the same", newer({ tier: { a: 1 } }), newer({ tier: { a: 1 } }), {}],
    [
      "are in the patch where they differ",
      newer({ tier: 1 }),
      newer({ tier: 2 }),
      { providers: { groq: { tier: 2 } } },
    ],
    ["are in the patch where they are new", newer({}), newer({}, { budgets: null }), { budgets: null }],
    [
      "go with their entry",
      newer({ tier: 1 }),
      { ...all, providers: { wandb: {} } },
      {
        providers: { wandb: { enabled: null, model: null }, groq: null },
      },
    ],
  ])("%s", (_, from, to, patch) => {
    expect(diffSettings(from, to)).toEqual(patch);
  });

  test("of an audience stay where they are left out", () => {
    const within = (audience: object): SystemSettings => ({
      ...EMPTY_SETTINGS,
      experiments: { x: { ...running, audience } },
    });
    const before = within({ agents: ["a"], regions: ["eu"] });
    expect(diffSettings(before, within({ agents: ["a"] }))).toEqual({});
    const patch = { experiments: { x: { audience: { agents: null, tenants: ["t"] } } } };
    expect(diffSettings(before, within({ tenants: ["t"] }))).toEqual(patch);
    expect(v.is(patchSchema, patch)).toBe(true);
    expect(applySettingsPatch(before, patch)).toEqual(within({ tenants: ["t"], regions: ["eu"] }));
  });

  test("that differ are rejected with the path", () => {
    const patch = diffSettings(newer({ tier: 1 }), newer({ tier: 2 }));
    expect(v.safeParse(patchSchema, patch).issues?.map((issue) => v.getDotPath(issue))).toEqual([
      "providers.groq.tier",
    ]);
  });
});
