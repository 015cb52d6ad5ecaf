import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { EMPTY_SETTINGS } from "../contract/settings.ts";
import { needsOf } from "./needs.ts";
import { createPlanCache } from "./plan-cache.ts";
import type { PlanInputs } from "./plan-inputs.ts";
import type { ProviderReading } from "./read-provider.ts";

const [a, b] = [mockProvider({ id: "a" }), mockProvider({ id: "b" })];
const reading: ProviderReading = {
  provider: a,
  enabled: true,
  configured: true,
  credentials: null,
  credentialId: "key",
  problems: [],
  callModel: undefined,
  variableModel: undefined,
};
const health: PlanInputs["health"] = {
  stateOf: () => ({ state: "closed", untilEpochMs: null, why: null, code: null, probing: false }),
};
const inputs: PlanInputs = {
  agent: undefined,
  pin: undefined,
  needs: needsOf({}),
  settings: EMPTY_SETTINGS,
  settingsVersion: 1,
  settingsWarning: null,
  arms: [],
  health,
  providers: [reading, { ...reading, provider: b }],
};

/** A copy with equal fields, as the next call creates it. */
const copy = (of: PlanInputs = inputs): PlanInputs => ({
  ...of,
  providers: of.providers.map((each) => ({ ...each })),
});

function cachedPlans() {
  const cache = createPlanCache<PlanInputs, { readonly inputs: PlanInputs }>();
  return (key: PlanInputs) => cache.get(key, (planInputs) => ({ inputs: planInputs }));
}

it("equal inputs get the same plan", () => {
  const plan = cachedPlans();
  const first = plan(inputs);
  expect(first.inputs).toBe(inputs);
  expect(plan(copy())).toBe(first);
});

/** A total record: a new field of the inputs needs an entry here. */
const OTHERS: { readonly [Field in keyof PlanInputs]: PlanInputs[Field] } = {
  agent: "bot",
  pin: "a",
  needs: needsOf({ responseFormat: { type: "json" } }),
  settings: { ...EMPTY_SETTINGS },
  settingsVersion: 2,
  settingsWarning: "old",
  arms: [{ experiment: "e", arm: "b", provider: undefined, model: "m", models: undefined }],
  health: { ...health },
  providers: [reading],
};
const OTHER_READINGS: { readonly [Field in keyof ProviderReading]: ProviderReading[Field] } = {
  provider: mockProvider({ id: "c" }),
  enabled: false,
  configured: false,
  credentials: { apiKey: "k" },
  credentialId: "other key",
  problems: [{ path: "A_BASE_URL", expected: "a URL" }],
  callModel: "m",
  variableModel: "m",
};
const changes: readonly [string, PlanInputs][] = [
  ...Object.entries(OTHERS).map(([field, value]): [string, PlanInputs] => [field, { ...inputs, [field]: value }]),
  ...Object.entries(OTHER_READINGS).flatMap(([field, value]) =>
    inputs.providers.map((each, at): [string, PlanInputs] => [
      `${field} of provider ${at}`,
      { ...inputs, providers: inputs.providers.with(at, { ...each, [field]: value }) },
    ]),
  ),
];

describe("a new plan is made for a different", () => {
  it.each(changes)("%s, and the first plan stays in the cache", (_, changed) => {
    const plan = cachedPlans();
    const [first, second] = [plan(inputs), plan(changed)];
    expect(second).not.toBe(first);
    expect(plan(copy())).toBe(first);
    expect(plan(copy(changed))).toBe(second);
  });
});

it("keeps the 32 plans that were used last", () => {
  const plan = cachedPlans();
  const named = (agent: string): PlanInputs => ({ ...inputs, agent });
  const first = plan(named("first"));
  for (let agent = 0; agent < 31; agent += 1) plan(named(`agent-${agent}`));
  expect(plan(named("first"))).toBe(first);
  for (let agent = 0; agent < 32; agent += 1) plan(named(`other-${agent}`));
  expect(plan(named("first"))).not.toBe(first);
});

it("equal needs are the same object", () => {
  expect(needsOf({ tools: {} })).toBe(needsOf({ prompt: "x" }));
  expect(needsOf({ responseFormat: { type: "json" } })).not.toBe(needsOf({}));
  expect(needsOf({ toolChoice: "required" })).toEqual({ ...needsOf({}), forcedTool: true });
});
