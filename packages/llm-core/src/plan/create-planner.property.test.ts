import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import { EMPTY_SETTINGS, type SettingsSnapshot } from "../contract/settings.ts";
import { LLMError } from "../errors/llm-error.ts";
import { createEngine } from "../run/create-engine.ts";
import type { Engine } from "../run/engine.ts";
import { createPlanner } from "./create-planner.ts";
import type { ChainLink } from "./plan-chain.ts";
import type { PlannedChain } from "./plan-inputs.ts";

const IDS = ["a", "b", "c"];

/** The comparable part of a plan, without the provider objects. */
function comparable({ chain, providers, settingsVersion }: PlannedChain) {
  const links = (of: readonly ChainLink[]) =>
    of.map(({ resolved, capabilities, ...link }) => ({ ...link, ref: resolved.ref, images: capabilities.images }));
  return {
    ...chain,
    links: links(chain.links),
    reserve: links(chain.reserve),
    providers: providers.map(({ provider, ...resolved }) => ({ id: provider.id, ...resolved })),
    settingsVersion,
  };
}

const id = fc.constantFrom(...IDS);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const model = fc.constantFrom("m-1", "m-2");
const settings = fc.record({
  order: fc.option(fc.uniqueArray(fc.constantFrom(...IDS, "unknown"))),
  providers: fc.dictionary(id, fc.record({ enabled: fc.boolean(), model: fc.option(model) })),
  agents: fc.dictionary(
    fc.constantFrom("bot", "other"),
    fc.oneof(fc.record({ provider: id, model }), fc.record({ models: fc.dictionary(id, model) })),
  ),
});
const call = fc.record<CallOptions>({
  agent: maybe(fc.constantFrom("bot", "other", "unknown")),
  provider: maybe(id),
  models: maybe(fc.dictionary(id, model)),
  settings: fc.option(settings, { nil: undefined, freq: 8 }),
  credentials: fc.option(fc.dictionary(id, fc.record({ apiKey: fc.constantFrom("t-1", "t-2") })), {
    nil: undefined,
    freq: 8,
  }),
  responseFormat: maybe(fc.constant({ type: "json" })),
});
const action = fc.oneof(
  fc.record({
    do: fc.constant("env" as const),
    name: fc.constantFrom("API_KEY", "MODEL"),
    of: id,
    value: maybe(model),
  }),
  fc.record({ do: fc.constant("settings" as const), settings }),
  fc.record({ do: fc.constant("source fails" as const) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("fail" as const), of: id, code: fc.constantFrom("auth", "server") }),
  },
  fc.record({ do: fc.constant("rest" as const), of: id, ms: fc.constantFrom(500, 5_000) }),
  fc.record({ do: fc.constant("probe" as const), of: id }),
  fc.record({ do: fc.constant("revive" as const), of: id }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 499, 5_000, 60_000) }) },
  fc.record({ do: fc.constant("clock is set" as const), ms: fc.constantFrom(-3_600_000, 7_000) }),
);

it("plans the same after any history as a planner with an empty cache", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(action, call), { maxLength: 40, size: "max" }), async (steps) => {
      const env: Record<string, string | undefined> = { A_API_KEY: "k", B_API_KEY: "k", C_API_KEY: "k" };
      const fake = createFakeClock();
      let setMs = 0;
      const clock = { ...fake, now: () => fake.now() + setMs };
      let snapshot: SettingsSnapshot | undefined = { value: EMPTY_SETTINGS, version: 0 };
      const providers = IDS.map((each) =>
        mockProvider({
          id: each,
          configured: (read) => read[`${each.toUpperCase()}_API_KEY`] !== undefined,
          capabilities: { schema: each === "c" ? ["prompt"] : ["json-mode", "prompt"] },
        }),
      );
      const options: LLMClientOptions = {
        providers,
        env,
        clock,
        random: () => 0.5,
        breaker: { consecutiveFailures: 1 },
        settings: { peek: () => snapshot, get: () => Promise.reject(new Error("away")) },
      };
      const engine: Engine = createEngine(options);
      const planner = createPlanner(options, engine, () => []);

      for (const [step, callOptions] of steps) {
        const known =
          "of" in step ? planner.planNow({}).providers.find(({ provider }) => provider.id === step.of) : undefined;
        if (step.do === "env") env[`${step.of.toUpperCase()}_${step.name}`] = step.value;
        else if (step.do === "settings") snapshot = { value: step.settings, version: (snapshot?.version ?? 0) + 1 };
        else if (step.do === "wait") await fake.advance(step.ms);
        else if (step.do === "clock is set") setMs += step.ms;
        else if (step.do === "revive") engine.breaker.revive(step.of);
        else if (known !== undefined && step.do === "rest") engine.breaker.rest(known.ref, step.ms, "spent");
        else if (known !== undefined && step.do === "probe") engine.breaker.begin(known.ref);
        else if (known !== undefined && step.do === "fail") {
          engine.breaker.end(engine.breaker.begin(known.ref), new LLMError({ code: step.code, message: "x" }));
        }
        const planned = planner.planNow(callOptions);
        expect(comparable(planned)).toEqual(comparable(createPlanner(options, engine, () => []).planNow(callOptions)));
        const mayKeep = callOptions.credentials === undefined && callOptions.settings === undefined;
        if (mayKeep) expect(planner.planNow({ ...callOptions, prompt: "x" })).toBe(planned);
        else expect(planner.planNow(callOptions)).not.toBe(planned);
      }
    }),
    { numRuns: 150 },
  );
});
