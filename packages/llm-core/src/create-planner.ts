import type { Engine } from "./call/engine.ts";
import { peekGates } from "./call/peek-gates.ts";
import type { CallOptions } from "./call-options.ts";
import { needsOf } from "./chain/needs.ts";
import type { ChainLink } from "./chain/plan-chain.ts";
import { type PlanInputs, type PlannedChain, planOf } from "./chain/plan-inputs.ts";
import { createPlanSharing } from "./chain/share-plan.ts";
import { toStandings } from "./chain/to-standings.ts";
import type { LLMClientOptions } from "./client-options.ts";
import { PLAN_PATIENCE_MS } from "./config/client-config.ts";
import { readProvider } from "./config/read-provider.ts";
import { armOf, type ResolvedProvider } from "./config/resolve-config.ts";
import type { Assignment } from "./contract/call-router.ts";
import { invalidInput } from "./errors/llm-error.ts";
import { createHealthViews } from "./health/health-views.ts";
import { ownValue } from "./json.ts";
import { type CredentialReading, createCredentialReader } from "./keys/create-credential-reader.ts";
import type { Plan } from "./plan.ts";
import type { Provider } from "./provider.ts";
import { completeSettings, createSettingsReader, type SettingsReading } from "./settings-reader.ts";
import type { ServingProvider } from "./status/service-status.ts";

/** Plans chains with the settings, the environment and the health of the moment. */
export interface Planner {
  /** What a call with these options would do, as soon as it would begin. */
  plan(options: CallOptions): Promise<PlannedChain>;
  /** The same with the settings and keys at hand, without waiting for fresher ones. */
  planNow(options: CallOptions): PlannedChain;
  /** The same for a call that is about to be made: refuses keys and base URLs that cannot be right, says when the provider changes. */
  planCall(options: CallOptions, callId: string): PlannedChain | Promise<PlannedChain>;
  /** As `planCall` with the settings and keys at hand, for a call that must not wait for fresher ones any longer. */
  planCallWithout(options: CallOptions, callId: string): PlannedChain;
  /** Who calls begin with that ask for nobody; `null`: no call has begun yet. */
  serving(): ServingProvider | null;
  /** What people are shown of a planned chain: links that a gate would refuse are among those skipped. */
  toPlan(planned: PlannedChain, options: CallOptions): Plan;
}

/** Settings, and the arms of experiments that they put a call in. */
interface PlanBasis {
  readonly reading: SettingsReading;
  readonly assignments: readonly Assignment[];
}

/** The one place where the chain of a client is decided. */
export function createPlanner(options: LLMClientOptions, engine: Engine): Planner {
  const { clock, logger } = engine;
  const settings = createSettingsReader(options.settings, logger);
  let serving: ServingProvider | null = null;
  const sharing = createPlanSharing<PlanInputs, PlannedChain>();
  const viewHealth = createHealthViews(engine.breaker, engine.stats, clock);
  const credentials = createCredentialReader();
  /** The settings of calls that wait for keys only. */
  const settled = new WeakMap<CallOptions, SettingsReading>();

  function ownReading({ settings: own }: CallOptions): SettingsReading | null {
    return own === undefined ? null : { value: completeSettings(own), version: null, warning: null };
  }

  function plan(callOptions: CallOptions, callId: string | null): PlannedChain | Promise<PlannedChain> {
    const reading = ownReading(callOptions) ?? settings.read();
    if (!(reading instanceof Promise)) return planWithKeys(basisOf(reading, callOptions, callId), callOptions);
    return reading.then((read) => planWithKeys(basisOf(read, callOptions, callId), callOptions));
  }

  function basisOf(reading: SettingsReading, callOptions: CallOptions, callId: string | null): PlanBasis {
    return { reading, assignments: engine.routing.assign(reading.value, callOptions, callId) };
  }

  /** Waits for keys where a provider has to be asked for its own; else it plans at once. */
  function planWithKeys(basis: PlanBasis, callOptions: CallOptions): PlannedChain | Promise<PlannedChain> {
    const keys = credentials.read(engine.env);
    const inputs = inputsOf(basis, callOptions, keys);
    const pending = keys.pending();
    if (pending === null) return plannedFrom(inputs, basis, callOptions);
    settled.set(callOptions, basis.reading);
    return pending.then((ids) => plannedFrom(withIds(inputs, ids), basis, callOptions));
  }

  function planWithoutWaiting(basis: PlanBasis, callOptions: CallOptions): PlannedChain {
    const inputs = inputsOf(basis, callOptions, credentials.readWithout(engine.env));
    return plannedFrom(inputs, basis, callOptions);
  }

  function inputsOf(
    { reading: { value: settings, version, warning }, assignments }: PlanBasis,
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
      arms: assignments.map(armOf),
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

  function plannedFrom(inputs: PlanInputs, { assignments }: PlanBasis, callOptions: CallOptions): PlannedChain {
    // Nobody else is planned with a tenant's keys or a call's own settings, and keys must not be kept.
    const isOwn = callOptions.credentials !== undefined || callOptions.settings !== undefined;
    const planned = isOwn ? planOf(inputs) : sharing.share(inputs, planOf);
    // Calls in one arm share a plan; each has its own bucket.
    return assignments.length === 0 ? planned : { ...planned, experiments: assignments };
  }

  function announce({ chain }: PlannedChain, callOptions: CallOptions): void {
    const [link] = chain.links;
    if (link === undefined) return;
    const { agentsChoice, assignment } = link.resolved;
    const isOwnWish = callOptions.provider !== undefined || callOptions.settings !== undefined;
    if (isOwnWish || agentsChoice || assignment !== null) return;
    if (link.provider === serving?.provider) return;
    serving = { provider: link.provider, sinceEpochMs: clock.now() };
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
  function planWithoutLate(callOptions: CallOptions, callId: string | null): PlannedChain {
    credentials.stopWaiting();
    const reading = settled.get(callOptions) ?? ownReading(callOptions) ?? settings.unanswered();
    return planWithoutWaiting(basisOf(reading, callOptions, callId), callOptions);
  }

  return {
    serving: () => serving,
    async plan(callOptions) {
      const planned = plan(callOptions, null);
      if (!(planned instanceof Promise)) return planned;
      const late = Promise.withResolvers<null>();
      const timer = clock.setTimeout(() => late.resolve(null), PLAN_PATIENCE_MS);
      try {
        return (await Promise.race([planned, late.promise])) ?? planWithoutLate(callOptions, null);
      } finally {
        clock.clearTimeout(timer);
      }
    },
    toPlan({ chain, providers, settingsVersion }, callOptions) {
      const refusals = peekGates(engine, chain.links, callOptions);
      const isRefused = ({ provider }: ChainLink) => refusals.some((refusal) => refusal.provider === provider);
      const links = chain.links
        .filter((link) => !isRefused(link))
        .map(({ provider, model, reason }) => ({ provider, model, reason }));
      const skipped = [...refusals, ...chain.skipped];
      const figuresOf = (link: ResolvedProvider) => engine.stats.figures(link.ref);
      const health = viewHealth();
      const stateOf = (link: ResolvedProvider) => health.stateOf(link.ref);
      const standings = toStandings(providers, skipped, { stateOf, figuresOf });
      return { links, skipped, warnings: chain.warnings, settingsVersion, providers: standings };
    },
    planNow: (callOptions) =>
      planWithoutWaiting(basisOf(ownReading(callOptions) ?? settings.latest(), callOptions, null), callOptions),
    planCall(callOptions, callId) {
      const planned = plan(callOptions, callId);
      const check = (ready: PlannedChain) => forCall(ready, callOptions);
      return planned instanceof Promise ? planned.then(check) : check(planned);
    },
    planCallWithout: (callOptions, callId) => forCall(planWithoutLate(callOptions, callId), callOptions),
  };
}
