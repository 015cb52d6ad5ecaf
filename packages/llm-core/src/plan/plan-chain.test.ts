import { mockProvider } from "@babylon/llm-testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { EMPTY_SETTINGS } from "../contract/settings.ts";
import type { EpochLinkState } from "../health/epoch-link-state.ts";
import { isoMoment } from "./iso-moment.ts";
import { needsOf } from "./needs.ts";
import { planChain } from "./plan-chain.ts";
import { readProvider } from "./read-provider.ts";
import { resolveConfig } from "./resolve-config.ts";

const config = resolveConfig({
  providers: ["a", "b", "c"].map((id) =>
    readProvider(mockProvider({ id }), { env: {}, settings: EMPTY_SETTINGS, credentialIdOf: () => `key of ${id}` }),
  ),
  settings: EMPTY_SETTINGS,
});

const CLOSED: EpochLinkState = { state: "closed", untilEpochMs: null, why: null, code: null, probing: false };
const state = fc.record<EpochLinkState>({
  state: fc.constantFrom("closed", "open", "half-open", "resting"),
  untilEpochMs: fc.option(fc.double()),
  why: fc.option(fc.string()),
  code: fc.constantFrom(null, "rate_limit", "auth"),
  probing: fc.boolean(),
});

it("plans whatever a breaker says about until when", () => {
  fc.assert(
    fc.property(fc.array(state, { minLength: 3, maxLength: 3 }), (states) => {
      const { links, skipped } = planChain({
        config,
        needs: needsOf({ prompt: "x" }),
        stateOf: ({ provider }) => states["abc".indexOf(provider.id)] ?? CLOSED,
      });
      expect(links.length).toBeGreaterThan(0);
      expect(links.length + skipped.length).toBe(3);
    }),
  );
});

it.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [8.64e15, "+275760-09-13T00:00:00.000Z"],
  [8.64e15 + 1, "an unknown time"],
  [Number.NaN, "an unknown time"],
  [Number.NEGATIVE_INFINITY, "an unknown time"],
])("%s is %s", (epochMs, expected) => {
  expect(isoMoment(epochMs)).toBe(expected);
});
