import type { ModelSource, PlannedLink, SkippedProvider } from "../contract/plan.ts";
import type { ConfigProblem, ModelCapabilities } from "../contract/provider.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { EpochLinkState } from "../health/epoch-link-state.ts";
import { isoTimestamp } from "./iso-timestamp.ts";
import { type Needs, unsupportedOption } from "./needs.ts";
import type { ResolvedConfig, ResolvedProvider } from "./resolve-config.ts";

/** A link with its resolved configuration and capabilities. */
export interface ChainLink extends PlannedLink {
  readonly resolved: ResolvedProvider;
  readonly capabilities: ModelCapabilities;
}

/** The chain of one call. */
export interface Chain {
  /** Tried in this order. */
  readonly links: readonly ChainLink[];
  /**
   * Open and resting links, tried when all of `links` have failed; the earliest end of the cool-down first. Includes links with a refused
   * key, an exhausted quota or an unknown model only if no other link is usable: these do not recover with time.
   */
  readonly reserve: readonly ChainLink[];
  readonly skipped: readonly SkippedProvider[];
  readonly warnings: readonly string[];
  /** The provider of normal operation: the first that is enabled and has a key. */
  readonly primary: string | null;
  /** Invalid keys and base URLs of providers that would otherwise be in the chain. */
  readonly problems: readonly ConfigProblem[];
}

/** Input of {@link planChain}. */
export interface PlanChainInput {
  readonly config: ResolvedConfig;
  /** The pinned provider, if any. */
  readonly pin?: string | undefined;
  readonly needs: Needs;
  /** The breaker state of a link. */
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
  `${state}${untilEpochMs === null ? "" : ` until ${isoTimestamp(untilEpochMs)}`}${code === null ? "" : ` (${code}: ${why})`}`;

/** The reason for the model and the position of a link, for people. */
function reasonOf({ modelSource, preferredByAgent, assignment }: ResolvedProvider): string {
  const source = SOURCES[modelSource];
  if (preferredByAgent) return `choice of the agent's settings, ${source}`;
  if (assignment === null) return source;
  const arm = `experiment ${assignment.experiment}, arm ${assignment.arm}`;
  return modelSource === "experiment" ? arm : `${arm}, ${source}`;
}

/** Why a provider cannot be called, for people; `null`: it can. */
function skipReason(
  resolved: ResolvedProvider,
  { pin, needs }: PlanChainInput,
  supported: ModelCapabilities,
): string | null {
  const { provider, configured, enabled } = resolved;
  if (pin !== undefined && provider.id !== pin) return `the call is pinned to ${pin}`;
  if (!enabled) return "switched off in the settings";
  if (!configured) return provider.envKey === null ? "not configured" : `no key: set ${provider.envKey}`;
  const option = unsupportedOption(needs, supported);
  return option === null ? null : `unsupported: ${option}`;
}

/**
 * Chooses the links of a call, with a reason for each skipped provider. If every usable link is open or resting, the one with the
 * earliest end of the cool-down is in the chain as a last resort. Pure.
 */
export function planChain(input: PlanChainInput): Chain {
  const links: ChainLink[] = [];
  const unavailable: { link: ChainLink; state: EpochLinkState }[] = [];
  const skipped: SkippedProvider[] = [];
  const problems: ConfigProblem[] = [];
  let primary: string | null = null;

  for (const resolved of input.config.providers) {
    const { provider, model } = resolved;
    const capabilities = provider.capabilities(model);
    const skip = skipReason(resolved, input, capabilities);
    if (skip !== null) {
      skipped.push({ provider: provider.id, reason: skip });
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
    else unavailable.push({ link, state });
  }

  unavailable.sort((a, b) => (a.state.untilEpochMs ?? 0) - (b.state.untilEpochMs ?? 0));
  const lastResort = links.length === 0 ? unavailable.shift() : undefined;
  if (lastResort !== undefined) {
    const { link, state } = lastResort;
    const reason = `${link.reason}; ${describeState(state)}, tried because no other link is available`;
    links.push({ ...link, reason });
  }
  for (const { link, state } of unavailable) skipped.push({ provider: link.provider, reason: describeState(state) });
  // Without another usable link even a refused key is tried: it may have been fixed at the vendor.
  const reserve = lastResort === undefined ? unavailable.filter(({ state }) => healsWithTime(state)) : unavailable;
  return {
    links,
    reserve: reserve.map(({ link }) => link),
    skipped,
    warnings: input.config.warnings,
    primary,
    problems,
  };
}
