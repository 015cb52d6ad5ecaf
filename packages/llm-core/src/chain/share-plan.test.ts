import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { type ResolveConfigInput, resolveConfig } from "../config/resolve-config.ts";
import type { LinkState } from "../health/breaker.ts";
import { EMPTY_SETTINGS } from "../settings.ts";
import { needsOf } from "./needs.ts";
import { planChain } from "./plan-chain.ts";
import { createPlanSharing } from "./share-plan.ts";

const CLOSED: LinkState = { state: "closed", until: null, why: null, code: null, probing: false };
const OPEN: LinkState = { state: "open", until: 5_000, why: "down", code: "server", probing: false };
const providers = ["a", "b"].map((id) => mockProvider({ id }));

interface Ask {
  readonly input?: Partial<ResolveConfigInput>;
  readonly pin?: string;
  readonly stateOfA?: LinkState;
  readonly warning?: string;
}

function planner() {
  const sharing = createPlanSharing();
  return ({ input, pin, stateOfA = CLOSED, warning }: Ask = {}) => {
    const config = resolveConfig({
      providers,
      env: {},
      settings: EMPTY_SETTINGS,
      credentialIdOf: () => "key",
      ...input,
    });
    const warned = warning === undefined ? config : { ...config, warnings: [warning] };
    return sharing.share(warned, (shared, capabilitiesOf) =>
      planChain({
        config: shared,
        pin,
        needs: needsOf({}),
        stateOf: ({ provider }) => (provider.id === "a" ? stateOfA : CLOSED),
        capabilitiesOf,
      }),
    );
  };
}

it("plans that say the same are the same", () => {
  const plan = planner();
  const first = plan();
  expect(plan()).toBe(first);
  expect(plan({ input: { settings: { ...EMPTY_SETTINGS } } })).toBe(first);
});

const offA = { ...EMPTY_SETTINGS, providers: { a: { enabled: false, model: null } } };
describe("a plan is another one when", () => {
  it.each<[string, Ask, (plan: ReturnType<ReturnType<typeof planner>>) => unknown, unknown]>([
    [
      "a model is another",
      { input: { options: { models: { a: "m-2" } } } },
      ({ chain }) => chain.links[0]?.model,
      "m-2",
    ],
    [
      "the order is another",
      { input: { settings: { ...EMPTY_SETTINGS, order: ["b"] } } },
      ({ chain }) => chain.primary,
      "b",
    ],
    ["a provider is switched off", { input: { settings: offA } }, ({ chain }) => chain.skipped.length, 1],
    ["it is pinned", { pin: "b" }, ({ chain }) => chain.links.map(({ provider }) => provider), ["b"]],
    ["a link is open", { stateOfA: OPEN }, ({ chain }) => chain.reserve.map(({ provider }) => provider), ["a"]],
    [
      "it is open for another time",
      { stateOfA: { ...OPEN, until: 6_000 } },
      ({ chain }) => chain.skipped[0]?.reason,
      expect.stringContaining("06.000Z"),
    ],
    ["there is a warning", { warning: "careful" }, ({ chain }) => chain.warnings, ["careful"]],
  ])("%s, and back again when it is not", (_, ask, pick, expected) => {
    const plan = planner();
    const before = plan();
    plan({ stateOfA: OPEN });
    expect(pick(plan(ask))).toEqual(expected);
    expect(plan()).toEqual(before);
  });
});

it("asks a provider for its capabilities once while nothing changes", () => {
  let asked = 0;
  const counting = mockProvider({ id: "a" });
  const { capabilities } = counting;
  const plan = planner();
  const input = {
    providers: [
      Object.assign(Object.create(counting), {
        capabilities(model: string) {
          asked += 1;
          return capabilities(model);
        },
      }),
    ],
  };
  for (let call = 0; call < 5; call += 1) plan({ input });
  expect(asked).toBe(1);
  plan({ input: { ...input, options: { models: { a: "m-2" } } } });
  expect(asked).toBe(2);
});
