import type { ResolvedConfig, ResolvedProvider } from "../config/resolve-config.ts";
import type { SkippedProvider } from "../plan.ts";
import type { Chain, ChainLink } from "./plan-chain.ts";

// Thousands of calls wait at once, and nearly all of them are planned alike: they share what is alike, instead of a copy each.

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
  a.agentsChoice === b.agentsChoice &&
  all(a.problems, b.problems, is);

const sameLink = (a: ChainLink, b: ChainLink): boolean =>
  a.resolved === b.resolved && a.reason === b.reason && a.capabilities === b.capabilities;

const sameSkipped = (a: SkippedProvider, b: SkippedProvider): boolean =>
  a.provider === b.provider && a.reason === b.reason;

/** The latest configuration, where the one just made says the same. */
export function reuseConfig(latest: ResolvedConfig | null, made: ResolvedConfig): ResolvedConfig {
  const same =
    latest !== null && all(latest.providers, made.providers, sameProvider) && all(latest.warnings, made.warnings, is);
  return same ? latest : made;
}

/** The latest chain, where the one just made says the same. */
export function reuseChain(latest: Chain | null, made: Chain): Chain {
  const same =
    latest !== null &&
    latest.rescued === made.rescued &&
    latest.primary === made.primary &&
    all(latest.links, made.links, sameLink) &&
    all(latest.reserve, made.reserve, sameLink) &&
    all(latest.skipped, made.skipped, sameSkipped) &&
    all(latest.warnings, made.warnings, is) &&
    all(latest.problems, made.problems, is);
  return same ? latest : made;
}
