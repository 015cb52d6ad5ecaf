import type { ResolvedConfig, ResolvedProvider } from "../config/resolve-config.ts";
import type { SkippedProvider } from "../plan.ts";
import type { ModelCapabilities } from "../provider.ts";
import type { Chain, ChainLink } from "./plan-chain.ts";

/** A plan, and what it was made with. */
interface Shared {
  readonly config: ResolvedConfig;
  readonly chain: Chain;
}

/** Lets plans share what they have in common with the one before. */
export interface PlanSharing {
  /** The plan of this configuration; the very same objects as before where it says the same. */
  share(
    config: ResolvedConfig,
    plan: (config: ResolvedConfig, capabilitiesOf: (link: ResolvedProvider) => ModelCapabilities) => Chain,
  ): Shared;
}

function all<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (const [at, item] of a.entries()) {
    const other = b[at];
    if (other === undefined || !same(item, other)) return false;
  }
  return true;
}

const is = (a: unknown, b: unknown): boolean => a === b;

const sameProvider = (a: ResolvedProvider, b: ResolvedProvider): boolean =>
  a.provider === b.provider &&
  a.model === b.model &&
  a.modelSource === b.modelSource &&
  a.enabled === b.enabled &&
  a.configured === b.configured &&
  a.credentials === b.credentials &&
  a.ref.credential === b.ref.credential &&
  a.agentsChoice === b.agentsChoice &&
  a.assignment?.experiment === b.assignment?.experiment &&
  a.assignment?.arm === b.assignment?.arm &&
  all(a.problems, b.problems, is);

const sameLink = (a: ChainLink, b: ChainLink): boolean =>
  a.resolved === b.resolved && a.reason === b.reason && a.capabilities === b.capabilities;

const sameSkipped = (a: SkippedProvider, b: SkippedProvider): boolean =>
  a.provider === b.provider && a.reason === b.reason;

const sameConfig = (a: ResolvedConfig, b: ResolvedConfig): boolean =>
  all(a.providers, b.providers, sameProvider) && all(a.warnings, b.warnings, is);

const sameChain = (a: Chain, b: Chain): boolean =>
  a.rescued === b.rescued &&
  a.primary === b.primary &&
  all(a.links, b.links, sameLink) &&
  all(a.reserve, b.reserve, sameLink) &&
  all(a.skipped, b.skipped, sameSkipped) &&
  all(a.warnings, b.warnings, is) &&
  all(a.problems, b.problems, is);

/** Nothing to share yet. Thousands of calls wait at once, and nearly all of them are planned alike: they hold one plan, not a copy each. */
export function createPlanSharing(): PlanSharing {
  let latest: Shared | null = null;
  /** Of the latest configuration's links. */
  let capabilities = new Map<ResolvedProvider, ModelCapabilities>();

  function capabilitiesOf(link: ResolvedProvider): ModelCapabilities {
    const known = capabilities.get(link) ?? link.provider.capabilities(link.model);
    capabilities.set(link, known);
    return known;
  }

  return {
    share(made, plan) {
      const config = latest !== null && sameConfig(latest.config, made) ? latest.config : made;
      if (config === made) capabilities = new Map();
      const chain = plan(config, capabilitiesOf);
      if (latest === null || latest.config !== config || !sameChain(latest.chain, chain)) latest = { config, chain };
      return latest;
    },
  };
}
