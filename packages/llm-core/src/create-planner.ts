import type { PlannedChain } from "./call/call-session.ts";
import type { Engine } from "./call/engine.ts";
import { peekGates } from "./call/peek-gates.ts";
import type { CallOptions } from "./call-options.ts";
import { needsOf } from "./chain/needs.ts";
import { type Chain, type ChainLink, planChain } from "./chain/plan-chain.ts";
import { createPlanSharing } from "./chain/share-plan.ts";
import { toStandings } from "./chain/to-standings.ts";
import type { LLMClientOptions } from "./client-options.ts";
import { PLAN_PATIENCE_MS } from "./config/client-config.ts";
import { type ResolvedConfig, type ResolvedProvider, resolveConfig } from "./config/resolve-config.ts";
import type { Assignment } from "./contract/call-router.ts";
import type { Env } from "./env.ts";
import { invalidInput } from "./errors/llm-error.ts";
import type { LinkState } from "./health/breaker.ts";
import { type CredentialReading, createCredentialReader } from "./keys/create-credential-reader.ts";
import type { Plan } from "./plan.ts";
import type { ModelCapabilities } from "./provider.ts";
import { completeSettings, createSettingsReader, type SettingsReading } from "./settings-reader.ts";

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
  let announced: string | null = null;
  const sharing = createPlanSharing();
  const credentials = createCredentialReader();
  /** The settings of calls that wait for keys only. */
  const settled = new WeakMap<CallOptions, SettingsReading>();

  function ownReading({ settings: own }: CallOptions): SettingsReading | null {
    return own === undefined ? null : { value: completeSettings(own), version: null, warning: null };
  }

  function stateOf({ ref }: ResolvedProvider): LinkState {
    engine.stats.see(ref);
    const state = engine.breaker.read(ref);
    return state.until === null ? state : { ...state, until: clock.now() + state.until - clock.monotonic() };
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
    const { env } = engine;
    const keys = credentials.read(env);
    const config = configOf(basis, callOptions, env, keys);
    const pending = keys.pending();
    if (pending === null) return chainOf(config, basis, callOptions);
    settled.set(callOptions, basis.reading);
    return pending.then(() => chainOf(configOf(basis, callOptions, env, keys), basis, callOptions));
  }

  function planWithoutWaiting(basis: PlanBasis, callOptions: CallOptions): PlannedChain {
    const { env } = engine;
    return chainOf(configOf(basis, callOptions, env, credentials.readWithout(env)), basis, callOptions);
  }

  function configOf(
    { reading, assignments }: PlanBasis,
    callOptions: CallOptions,
    env: Env,
    keys: CredentialReading,
  ): ResolvedConfig {
    const { value, warning } = reading;
    const resolved = resolveConfig({
      providers: options.providers,
      env,
      settings: value,
      options: callOptions,
      assignments,
      credentialIdOf: keys.idOf,
    });
    return warning === null ? resolved : { ...resolved, warnings: [...resolved.warnings, warning] };
  }

  function chainOf(made: ResolvedConfig, { reading, assignments }: PlanBasis, callOptions: CallOptions): PlannedChain {
    const { provider: pin } = callOptions;
    const needs = needsOf(callOptions);
    const planned = (config: ResolvedConfig, capabilitiesOf?: (link: ResolvedProvider) => ModelCapabilities): Chain =>
      planChain({ config, pin, needs, stateOf, capabilitiesOf });
    // Nobody else is planned with a tenant's keys, and they must not be kept.
    const { config, chain } =
      callOptions.credentials === undefined ? sharing.share(made, planned) : { config: made, chain: planned(made) };
    return { chain, providers: config.providers, settingsVersion: reading.version, experiments: assignments };
  }

  function announce({ chain }: PlannedChain, callOptions: CallOptions): void {
    const [link] = chain.links;
    if (link === undefined) return;
    const { agentsChoice, assignment } = link.resolved;
    const isOwnWish = callOptions.provider !== undefined || callOptions.settings !== undefined;
    if (isOwnWish || agentsChoice || assignment !== null || link.provider === announced) return;
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
  function planWithoutLate(callOptions: CallOptions, callId: string | null): PlannedChain {
    credentials.stopWaiting();
    const reading = settled.get(callOptions) ?? ownReading(callOptions) ?? settings.unanswered();
    return planWithoutWaiting(basisOf(reading, callOptions, callId), callOptions);
  }

  return {
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
    toPlan(planned, callOptions) {
      const { chain, providers, settingsVersion } = planned;
      const refusals = peekGates(engine, chain.links, callOptions);
      const isRefused = ({ provider }: ChainLink) => refusals.some((refusal) => refusal.provider === provider);
      const links = chain.links
        .filter((link) => !isRefused(link))
        .map(({ provider, model, reason }) => ({ provider, model, reason }));
      const skipped = [...refusals, ...chain.skipped];
      const figuresOf = (link: ResolvedProvider) => engine.stats.figures(link.ref);
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
