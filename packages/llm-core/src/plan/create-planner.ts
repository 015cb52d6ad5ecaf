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
import { PLAN_PATIENCE_MS } from "./client-config.ts";
import { needsOf } from "./needs.ts";
import type { ChainLink } from "./plan-chain.ts";
import { type PlanInputs, type PlannedChain, planOf } from "./plan-inputs.ts";
import { readProvider } from "./read-provider.ts";
import { armOf, type ResolvedProvider } from "./resolve-config.ts";
import type { Routing } from "./routing.ts";
import { completeSettings, createSettingsReader, type SettingsReading } from "./settings-reader.ts";
import { createPlanSharing } from "./share-plan.ts";
import { toStandings } from "./to-standings.ts";

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

/** What a planner reads of its client. */
export interface PlannerSources {
  readonly env: Env;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly breaker: Breaker;
  readonly stats: LinkStats;
  readonly routing: Routing;
}

/** Which links would be refused now to a call with these options. */
export type PeekRefusals = (links: readonly ChainLink[], options: CallOptions) => readonly SkippedProvider[];

/** Settings, and the arms of experiments that they put a call in. */
interface PlanBasis {
  readonly reading: SettingsReading;
  readonly assignments: readonly Assignment[];
}

/** The one place where the chain of a client is decided. */
export function createPlanner(options: LLMClientOptions, sources: PlannerSources, peek: PeekRefusals): Planner {
  const { breaker, clock, logger, routing, stats } = sources;
  const settings = createSettingsReader(options.settings, logger);
  let serving: ServingProvider | null = null;
  const sharing = createPlanSharing<PlanInputs, PlannedChain>();
  const viewHealth = createHealthViews(breaker, stats, clock);
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
    return { reading, assignments: routing.assign(reading.value, callOptions, callId) };
  }

  /** Waits for keys where a provider has to be asked for its own; else it plans at once. */
  function planWithKeys(basis: PlanBasis, callOptions: CallOptions): PlannedChain | Promise<PlannedChain> {
    const keys = credentials.read(sources.env);
    const inputs = inputsOf(basis, callOptions, keys);
    const pending = keys.pending();
    if (pending === null) return plannedFrom(inputs, basis, callOptions);
    settled.set(callOptions, basis.reading);
    return pending.then((ids) => plannedFrom(withIds(inputs, ids), basis, callOptions));
  }

  function planWithoutWaiting(basis: PlanBasis, callOptions: CallOptions): PlannedChain {
    const inputs = inputsOf(basis, callOptions, credentials.readWithout(sources.env));
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
      // Agents without settings of their own are planned alike.
      agent: agent !== undefined && ownValue(settings.agents, agent) !== undefined ? agent : undefined,
      pin,
      needs: needsOf(callOptions),
      settings,
      settingsVersion: version,
      settingsWarning: warning,
      arms: assignments.map(armOf),
      health: viewHealth(),
      providers: options.providers.map((provider) => readProvider(provider, from)),
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
