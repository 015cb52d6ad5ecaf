import type { ModelSource, PlannedLink, SkippedProvider } from "../contract/plan.ts";
import type { ConfigProblem, ModelCapabilities } from "../contract/provider.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { EpochLinkState } from "../health/epoch-link-state.ts";
import { isoMoment } from "./iso-moment.ts";
import { type Needs, unsupportedOption } from "./needs.ts";
import type { ResolvedConfig, ResolvedProvider } from "./resolve-config.ts";

/** A link with what is needed to call it. */
export interface ChainLink extends PlannedLink {
  readonly resolved: ResolvedProvider;
  readonly capabilities: ModelCapabilities;
}

/** The chain of one call. */
export interface Chain {
  /** Tried in this order. */
  readonly links: readonly ChainLink[];
  /**
   * Open and resting links, the one due soonest first: tried when all of `links` have failed. Links with a refused key, a spent
   * quota or an unknown model only where nothing else was available: time alone does not mend these.
   */
  readonly reserve: readonly ChainLink[];
  /** The one link of `links` is open or resting as well: it is tried whatever its state. */
  readonly rescued: boolean;
  readonly skipped: readonly SkippedProvider[];
  readonly warnings: readonly string[];
  /** The provider that serves when all is well: the first that is switched on and has a key. */
  readonly primary: string | null;
  /** What is wrong with keys and base URLs of providers that would otherwise be in the chain. */
  readonly problems: readonly ConfigProblem[];
}

/** What {@link planChain} decides on. */
export interface PlanChainInput {
  readonly config: ResolvedConfig;
  /** The pinned provider, if any. */
  readonly pin?: string | undefined;
  readonly needs: Needs;
  /** How a link stands. */
  stateOf(link: ResolvedProvider): EpochLinkState;
}

const SOURCES: Readonly<Record<ModelSource, string>> = {
  call: "model of the call",
  agent: "model of the agent's settings",
  experiment: "model of the experiment",
  settings: "model of the settings",
  factory: "model of the code",
  variable: "model of the environment",
  default: "default model",
};

const healsWithTime = ({ code }: EpochLinkState): boolean => code === null || policyOf({ code }).healsWithTime;

const describeState = ({ state, untilEpochMs, code, why }: EpochLinkState): string =>
  `${state}${untilEpochMs === null ? "" : ` until ${isoMoment(untilEpochMs)}`}${code === null ? "" : ` (${code}: ${why})`}`;

/** Why this model, and what put the link first. */
function reasonOf({ modelSource, agentsChoice, assignment }: ResolvedProvider): string {
  const source = SOURCES[modelSource];
  if (agentsChoice) return `choice of the agent's settings, ${source}`;
  if (assignment === null) return source;
  const arm = `experiment ${assignment.experiment}, arm ${assignment.arm}`;
  return modelSource === "experiment" ? arm : `${arm}, ${source}`;
}

/** Why a provider cannot be called at all, or `null`. */
function exclusion(resolved: ResolvedProvider, { pin, needs }: PlanChainInput, can: ModelCapabilities): string | null {
  const { provider, configured, enabled } = resolved;
  if (pin !== undefined && provider.id !== pin) return `the call is pinned to ${pin}`;
  if (!enabled) return "switched off in the settings";
  if (!configured) return provider.envKey === null ? "not configured" : `no key: set ${provider.envKey}`;
  const option = unsupportedOption(needs, can);
  return option === null ? null : `unsupported: ${option}`;
}

/**
 * Chooses the links of a call and says why each of the other providers is left out. When every usable link is open or resting, the
 * one due soonest is in the chain all the same. Pure.
 */
export function planChain(input: PlanChainInput): Chain {
  const links: ChainLink[] = [];
  const away: { link: ChainLink; state: EpochLinkState }[] = [];
  const skipped: SkippedProvider[] = [];
  const problems: ConfigProblem[] = [];
  let primary: string | null = null;

  for (const resolved of input.config.providers) {
    const { provider, model } = resolved;
    const capabilities = provider.capabilities(model);
    const excluded = exclusion(resolved, input, capabilities);
    if (excluded !== null) {
      skipped.push({ provider: provider.id, reason: excluded });
      continue;
    }
    const [problem] = resolved.problems;
    if (problem !== undefined) {
      problems.push(...resolved.problems);
      skipped.push({ provider: provider.id, reason: `invalid ${problem.path}: expected ${problem.expected}` });
      continue;
    }
    primary ??= provider.id;
    const reason = reasonOf(resolved);
    const link = { provider: provider.id, model, reason, resolved, capabilities };
    const state = input.stateOf(resolved);
    const usable = state.state === "closed" || (state.state === "half-open" && !state.probing);
    if (usable) links.push(state.state === "closed" ? link : { ...link, reason: `${reason}; half-open: one probe` });
    else away.push({ link, state });
  }

  away.sort((a, b) => (a.state.untilEpochMs ?? 0) - (b.state.untilEpochMs ?? 0));
  const rescue = links.length === 0 ? away.shift() : undefined;
  if (rescue !== undefined) {
    links.push({
      ...rescue.link,
      reason: `${rescue.link.reason}; ${describeState(rescue.state)}, tried because no other link is available`,
    });
  }
  for (const { link, state } of away) skipped.push({ provider: link.provider, reason: describeState(state) });
  // With nothing better at hand even a refused key is worth a try: it may have been mended at the vendor's.
  const reserve = rescue === undefined ? away.filter(({ state }) => healsWithTime(state)) : away;
  return {
    links,
    reserve: reserve.map(({ link }) => link),
    rescued: rescue !== undefined,
    skipped,
    warnings: input.config.warnings,
    primary,
    problems,
  };
}
