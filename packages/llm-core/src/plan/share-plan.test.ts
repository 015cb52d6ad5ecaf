import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { EMPTY_SETTINGS } from "../contract/settings.ts";
import { needsOf } from "./needs.ts";
import type { PlanInputs } from "./plan-inputs.ts";
import type { ProviderReading } from "./read-provider.ts";
import { createPlanSharing } from "./share-plan.ts";

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

/** The same in other objects, as the next call has it. */
const again = (of: PlanInputs = inputs): PlanInputs => ({
  ...of,
  providers: of.providers.map((each) => ({ ...each })),
});

function sharing() {
  const shared = createPlanSharing<PlanInputs, { readonly inputs: PlanInputs }>();
  return (of: PlanInputs) => shared.share(of, (given) => ({ inputs: given }));
}

it("equal inputs have the same plan, made from nothing but them", () => {
  const plan = sharing();
  const first = plan(inputs);
  expect(first.inputs).toBe(inputs);
  expect(plan(again())).toBe(first);
});

/** Total: a field that is added needs a line here. */
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

describe("another plan is made for another", () => {
  it.each(changes)("%s, and the first one is still known after it", (_, changed) => {
    const plan = sharing();
    const [first, second] = [plan(inputs), plan(changed)];
    expect(second).not.toBe(first);
    expect(plan(again())).toBe(first);
    expect(plan(again(changed))).toBe(second);
  });
});

it("keeps the latest of many, and no more than that", () => {
  const plan = sharing();
  const named = (agent: string): PlanInputs => ({ ...inputs, agent });
  const first = plan(named("first"));
  for (let agent = 0; agent < 31; agent += 1) plan(named(`agent-${agent}`));
  expect(plan(named("first"))).toBe(first);
  for (let agent = 0; agent < 32; agent += 1) plan(named(`other-${agent}`));
  expect(plan(named("first"))).not.toBe(first);
});

it("needs are the same object for the same needs", () => {
  expect(needsOf({ tools: {} })).toBe(needsOf({ prompt: "x" }));
  expect(needsOf({ responseFormat: { type: "json" } })).not.toBe(needsOf({}));
  expect(needsOf({ toolChoice: "required" })).toEqual({ ...needsOf({}), forcedTool: true });
});
