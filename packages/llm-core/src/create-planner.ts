import type { Engine } from "./call/engine.ts";
import type { CallOptions } from "./call-options.ts";
import { needsOf } from "./chain/needs.ts";
import { type PlanInputs, type PlannedChain, planOf } from "./chain/plan-inputs.ts";
import { createPlanSharing } from "./chain/share-plan.ts";
import { toStandings } from "./chain/to-standings.ts";
import type { LLMClientOptions } from "./client-options.ts";
import { PLAN_PATIENCE_MS } from "./config/client-config.ts";
import { readProvider } from "./config/read-provider.ts";
import type { ResolvedProvider } from "./config/resolve-config.ts";
import { invalidInput } from "./errors/llm-error.ts";
import { createHealthViews } from "./health/health-views.ts";
import { ownValue } from "./json.ts";
import { type CredentialReading, createCredentialReader } from "./keys/create-credential-reader.ts";
import type { Plan } from "./plan.ts";
import type { Provider } from "./provider.ts";
import { completeSettings, createSettingsReader, type SettingsReading } from "./settings-reader.ts";

/** Plans chains with the settings, the environment and the health of the moment. */
export interface Planner {
  /** What a call with these options would do, as soon as it would begin. */
  plan(options: CallOptions): Promise<PlannedChain>;
  /** The same with the settings and keys at hand, without waiting for fresher ones. */
  planNow(options: CallOptions): PlannedChain;
  /** The same for a call that is about to be made: refuses keys and base URLs that cannot be right, says when the provider changes. */
  planCall(options: CallOptions): PlannedChain | Promise<PlannedChain>;
  /** As `planCall` with the settings and keys at hand, for a call that must not wait for fresher ones any longer. */
  planCallWithout(options: CallOptions): PlannedChain;
  /** What people are shown of a planned chain. */
  toPlan(planned: PlannedChain): Plan;
}

/** The one place where the chain of a client is decided. */
export function createPlanner(options: LLMClientOptions, engine: Engine): Planner {
  const { clock, logger } = engine;
  const settings = createSettingsReader(options.settings, logger);
  let announced: string | null = null;
  const sharing = createPlanSharing<PlanInputs, PlannedChain>();
  const viewHealth = createHealthViews(engine.breaker, engine.stats, clock);
  const credentials = createCredentialReader();
  /** The settings of calls that wait for keys only. */
  const settled = new WeakMap<CallOptions, SettingsReading>();

  function ownReading({ settings: own }: CallOptions): SettingsReading | null {
    return own === undefined ? null : { value: completeSettings(own), version: null, warning: null };
  }

  function plan(callOptions: CallOptions): PlannedChain | Promise<PlannedChain> {
    const reading = ownReading(callOptions) ?? settings.read();
    if (!(reading instanceof Promise)) return planWithKeys(reading, callOptions);
    return reading.then((read) => planWithKeys(read, callOptions));
  }

  /** Waits for keys where a provider has to be asked for its own; else it plans at once. */
  function planWithKeys(reading: SettingsReading, callOptions: CallOptions): PlannedChain | Promise<PlannedChain> {
    const keys = credentials.read(engine.env);
    const inputs = inputsOf(reading, callOptions, keys);
    const pending = keys.pending();
    if (pending === null) return plannedFrom(inputs, callOptions);
    settled.set(callOptions, reading);
    return pending.then((ids) => plannedFrom(withIds(inputs, ids), callOptions));
  }

  function planWithoutWaiting(reading: SettingsReading, callOptions: CallOptions): PlannedChain {
    return plannedFrom(inputsOf(reading, callOptions, credentials.readWithout(engine.env)), callOptions);
  }

  function inputsOf(
    { value: settings, version, warning }: SettingsReading,
    callOptions: CallOptions,
    keys: CredentialReading,
  ): PlanInputs {
    const { agent, provider: pin } = callOptions;
    const sources = { env: engine.env, settings, options: callOptions, credentialIdOf: keys.idOf };
    return {
      // Agents without settings of their own are planned alike.
      agent: agent !== undefined && ownValue(settings.agents, agent) !== undefined ? agent : undefined,
      pin,
      needs: needsOf(callOptions),
      settings,
      settingsVersion: version,
      settingsWarning: warning,
      health: viewHealth(),
      providers: options.providers.map((provider) => readProvider(provider, sources)),
    };
  }

  /** The same with the ids that were waited for, and with what has happened meanwhile. */
  function withIds(inputs: PlanInputs, ids: ReadonlyMap<Provider, string>): PlanInputs {
    const providers = inputs.providers.map((reading) => {
      const credentialId = ids.get(reading.provider);
      return credentialId === undefined ? reading : { ...reading, credentialId };
    });
    return { ...inputs, providers, health: viewHealth() };
  }

  function plannedFrom(inputs: PlanInputs, callOptions: CallOptions): PlannedChain {
    // Nobody else is planned with a tenant's keys or a call's own settings, and keys must not be kept.
    const isOwn = callOptions.credentials !== undefined || callOptions.settings !== undefined;
    return isOwn ? planOf(inputs) : sharing.share(inputs, planOf);
  }

  function announce({ chain }: PlannedChain, callOptions: CallOptions): void {
    const [link] = chain.links;
    const special = callOptions.provider !== undefined || callOptions.settings !== undefined;
    if (link === undefined || special || link.resolved.agentsChoice || link.provider === announced) return;
    announced = link.provider;
    const { provider } = link.resolved;
    const role = link.provider === chain.primary ? "primary" : "fallback";
    logger.info(`Using ${provider.name} inference API (${role})`, { provider: provider.id, model: link.model });
  }

  function forCall(planned: PlannedChain, callOptions: CallOptions): PlannedChain {
    const [problem] = planned.chain.problems;
    if (problem !== undefined) throw invalidInput(problem.path, problem.expected);
    announce(planned, callOptions);
    return planned;
  }

  /** Plans without what takes too long. */
  function planWithoutLate(callOptions: CallOptions): PlannedChain {
    credentials.stopWaiting();
    return planWithoutWaiting(
      settled.get(callOptions) ?? ownReading(callOptions) ?? settings.unanswered(),
      callOptions,
    );
  }

  return {
    async plan(callOptions) {
      const planned = plan(callOptions);
      if (!(planned instanceof Promise)) return planned;
      const late = Promise.withResolvers<null>();
      const timer = clock.setTimeout(() => late.resolve(null), PLAN_PATIENCE_MS);
      try {
        return (await Promise.race([planned, late.promise])) ?? planWithoutLate(callOptions);
      } finally {
        clock.clearTimeout(timer);
      }
    },
    toPlan({ chain, providers, settingsVersion }) {
      const links = chain.links.map(({ provider, model, reason }) => ({ provider, model, reason }));
      const figuresOf = (link: ResolvedProvider) => engine.stats.figures(link.ref);
      const health = viewHealth();
      const stateOf = (link: ResolvedProvider) => health.stateOf(link.ref);
      const standings = toStandings(providers, chain, { stateOf, figuresOf });
      return { links, skipped: chain.skipped, warnings: chain.warnings, settingsVersion, providers: standings };
    },
    planNow: (callOptions) => planWithoutWaiting(ownReading(callOptions) ?? settings.latest(), callOptions),
    planCall(callOptions) {
      const planned = plan(callOptions);
      const check = (ready: PlannedChain) => forCall(ready, callOptions);
      return planned instanceof Promise ? planned.then(check) : check(planned);
    },
    planCallWithout: (callOptions) => forCall(planWithoutLate(callOptions), callOptions),
  };
}
