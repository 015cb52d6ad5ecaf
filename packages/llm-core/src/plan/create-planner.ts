import type { Breaker } from "../contract/breaker.ts";
import type { CallOptions } from "../contract/call-options.ts";
import type { Assignment } from "../contract/call-router.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import type { Clock } from "../contract/clock.ts";
import type { Env } from "../contract/env.ts";
import { ownValue } from "../contract/json.ts";
import type { Logger } from "../contract/logger.ts";
import type { Plan, SkippedProvider } from "../contract/plan.ts";
import type { Provider } from "../contract/provider.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { createHealthViews } from "../health/health-views.ts";
import type { LinkStats } from "../health/link-stats.ts";
import { type CredentialReading, createCredentialReader } from "../keys/create-credential-reader.ts";
import type { ServingProvider } from "../status/service-status.ts";
import { PLAN_TIMEOUT_MS } from "./client-defaults.ts";
import { needsOf } from "./needs.ts";
import { createPlanCache } from "./plan-cache.ts";
import type { ChainLink } from "./plan-chain.ts";
import { type PlanInputs, type PlannedChain, planOf } from "./plan-inputs.ts";
import { readProvider } from "./read-provider.ts";
import { armsOf, type ResolvedProvider } from "./resolve-config.ts";
import type { Routing } from "./routing.ts";
import { completeSettings, createSettingsReader, type SettingsReading } from "./settings-reader.ts";
import { toStandings } from "./to-standings.ts";

/** Plans chains from the current settings, environment and health. */
export interface Planner {
  /** Plans a chain, for `plan()`. Waits for settings and keys. */
  plan(options: CallOptions): Promise<PlannedChain>;
  /** Plans a chain with the cached settings and keys, for `peekPlan()`. */
  planNow(options: CallOptions): PlannedChain;
  /** Plans a chain for a call. Throws `invalid_input` for an invalid key or base URL; logs a change of the provider in use. */
  planCall(options: CallOptions, callId: string): PlannedChain | Promise<PlannedChain>;
  /** As `planCall` with the cached settings and keys, for a call whose `planCall` took too long. */
  planCallNow(options: CallOptions, callId: string): PlannedChain;
  /** The first provider of the chain of calls that do not name one; `null`: no call has begun yet. */
  serving(): ServingProvider | null;
  /** The public form of a planned chain. Links that a gate would refuse are among the skipped ones. */
  toPlan(planned: PlannedChain, options: CallOptions): Plan;
}

/** The parts of a client that a planner uses. */
export interface PlannerSources {
  readonly env: Env;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly breaker: Breaker;
  readonly stats: LinkStats;
  readonly routing: Routing;
}

/** The links that gates would refuse now for a call with these options. */
export type PeekRefusals = (links: readonly ChainLink[], options: CallOptions) => readonly SkippedProvider[];

/** Settings, and the experiment arms of a call that follow from them. */
interface PlanBasis {
  readonly reading: SettingsReading;
  readonly assignments: readonly Assignment[];
}

/** Creates the planner of a client: the only place that decides about chains. */
export function createPlanner(options: LLMClientOptions, sources: PlannerSources, peek: PeekRefusals): Planner {
  const { breaker, clock, logger, routing, stats } = sources;
  const settings = createSettingsReader(options.settings, logger);
  let serving: ServingProvider | null = null;
  const cache = createPlanCache<PlanInputs, PlannedChain>();
  const viewHealth = createHealthViews(breaker, stats, clock);
  const credentials = createCredentialReader();
  /** The settings of calls that have settings already and wait for keys. */
  const settingsInUse = new WeakMap<CallOptions, SettingsReading>();

  function settingsOfCall({ settings: value }: CallOptions): SettingsReading | null {
    return value === undefined ? null : { value: completeSettings(value), version: null, warning: null };
  }

  function plan(callOptions: CallOptions, callId: string | null): PlannedChain | Promise<PlannedChain> {
    const reading = settingsOfCall(callOptions) ?? settings.read();
    if (!(reading instanceof Promise)) return planWithKeys(basisOf(reading, callOptions, callId), callOptions);
    return reading.then((loaded) => planWithKeys(basisOf(loaded, callOptions, callId), callOptions));
  }

  function basisOf(reading: SettingsReading, callOptions: CallOptions, callId: string | null): PlanBasis {
    return { reading, assignments: routing.assign(reading.value, callOptions, callId) };
  }

  /** Asynchronous only if a provider loads its key asynchronously. */
  function planWithKeys(basis: PlanBasis, callOptions: CallOptions): PlannedChain | Promise<PlannedChain> {
    const keys = credentials.read(sources.env);
    const inputs = inputsOf(basis, callOptions, keys);
    const pending = keys.pending();
    if (pending === null) return plannedFrom(inputs, basis, callOptions);
    settingsInUse.set(callOptions, basis.reading);
    return pending.then((ids) => plannedFrom(withIds(inputs, ids), basis, callOptions));
  }

  function planWithCachedKeys(basis: PlanBasis, callOptions: CallOptions): PlannedChain {
    const inputs = inputsOf(basis, callOptions, credentials.readCached(sources.env));
    return plannedFrom(inputs, basis, callOptions);
  }

  function inputsOf(
    { reading: { value: settings, version, warning }, assignments }: PlanBasis,
    callOptions: CallOptions,
    keys: CredentialReading,
  ): PlanInputs {
    const { agent, provider: pin } = callOptions;
    const from = { env: sources.env, settings, options: callOptions, credentialIdOf: keys.idOf };
    return {
      // Agents without own settings share plans.
      agent: agent !== undefined && ownValue(settings.agents, agent) !== undefined ? agent : undefined,
      pin,
      needs: needsOf(callOptions),
      settings,
      settingsVersion: version,
      settingsWarning: warning,
      arms: armsOf(assignments),
      health: viewHealth(),
      providers: options.providers.map((provider) => readProvider(provider, from)),
    };
  }

  /** The inputs with the loaded key ids, and with the health at this time. */
  function withIds(inputs: PlanInputs, ids: ReadonlyMap<Provider, string>): PlanInputs {
    const providers = inputs.providers.map((reading) => {
      const credentialId = ids.get(reading.provider);
      return credentialId === undefined ? reading : { ...reading, credentialId };
    });
    return { ...inputs, providers, health: viewHealth() };
  }

  function plannedFrom(inputs: PlanInputs, { assignments }: PlanBasis, callOptions: CallOptions): PlannedChain {
    // No other call can use a plan with a tenant's keys or a call's own settings, and keys must not stay in the cache.
    const isUncacheable = callOptions.credentials !== undefined || callOptions.settings !== undefined;
    const planned = isUncacheable ? planOf(inputs) : cache.get(inputs, planOf);
    // Calls in the same arm share a plan, but each has its own bucket.
    return assignments.length === 0 ? planned : { ...planned, experiments: assignments };
  }

  /** Logs when the first provider of the chain changes, unless only this call, its agent or an experiment prefers it. */
  function logProviderChange({ chain }: PlannedChain, callOptions: CallOptions): void {
    const [link] = chain.links;
    if (link === undefined) return;
    const { preferredByAgent, assignment } = link.resolved;
    const isSetByCall = callOptions.provider !== undefined || callOptions.settings !== undefined;
    if (isSetByCall || preferredByAgent || assignment !== null) return;
    if (link.provider === serving?.provider) return;
    serving = { provider: link.provider, sinceEpochMs: clock.now() };
    const { provider } = link.resolved;
    const role = link.provider === chain.primary ? "primary" : "fallback";
    logger.info(`Using ${provider.name} inference API (${role})`, { provider: provider.id, model: link.model });
  }

  function forCall(planned: PlannedChain, callOptions: CallOptions): PlannedChain {
    const [problem] = planned.chain.problems;
    if (problem !== undefined) throw invalidInput(problem.path, problem.expected);
    logProviderChange(planned, callOptions);
    return planned;
  }

  /** Plans with what is cached, after loading took too long. */
  function planAfterTimeout(callOptions: CallOptions, callId: string | null): PlannedChain {
    credentials.stopWaiting();
    const reading = settingsInUse.get(callOptions) ?? settingsOfCall(callOptions) ?? settings.stale();
    return planWithCachedKeys(basisOf(reading, callOptions, callId), callOptions);
  }

  return {
    serving: () => serving,
    async plan(callOptions) {
      const planned = plan(callOptions, null);
      if (!(planned instanceof Promise)) return planned;
      const timeout = Promise.withResolvers<null>();
      const timer = clock.setTimeout(() => timeout.resolve(null), PLAN_TIMEOUT_MS);
      try {
        return (await Promise.race([planned, timeout.promise])) ?? planAfterTimeout(callOptions, null);
      } finally {
        clock.clearTimeout(timer);
      }
    },
    toPlan({ chain, providers, settingsVersion, experiments }, callOptions) {
      const refusals = peek(chain.links, callOptions);
      const isRefused = ({ provider }: ChainLink) => refusals.some((refusal) => refusal.provider === provider);
      const links = chain.links
        .filter((link) => !isRefused(link))
        .map(({ provider, model, reason }) => ({ provider, model, reason }));
      const skipped = [...refusals, ...chain.skipped];
      const figuresOf = (link: ResolvedProvider) => stats.figures(link.ref);
      const health = viewHealth();
      const stateOf = (link: ResolvedProvider) => health.stateOf(link.ref);
      const standings = toStandings(providers, skipped, { stateOf, figuresOf });
      const plan = { links, skipped, warnings: chain.warnings, settingsVersion, providers: standings };
      return experiments.length === 0 ? plan : { ...plan, experiments };
    },
    planNow: (callOptions) =>
      planWithCachedKeys(basisOf(settingsOfCall(callOptions) ?? settings.cached(), callOptions, null), callOptions),
    planCall(callOptions, callId) {
      const planned = plan(callOptions, callId);
      const check = (ready: PlannedChain) => forCall(ready, callOptions);
      return planned instanceof Promise ? planned.then(check) : check(planned);
    },
    planCallNow: (callOptions, callId) => forCall(planAfterTimeout(callOptions, callId), callOptions),
  };
}
