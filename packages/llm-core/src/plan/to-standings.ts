import type { LinkFigures } from "../contract/link-figures.ts";
import type { ProviderStanding, SkippedProvider } from "../contract/plan.ts";
import type { EpochLinkState } from "../health/epoch-link-state.ts";
import type { ResolvedProvider } from "./resolve-config.ts";

/** Breaker state and statistics of links. */
export interface LinkSources {
  stateOf(link: ResolvedProvider): EpochLinkState;
  figuresOf(link: ResolvedProvider): LinkFigures;
}

/** The status of every provider, in the chain or skipped, in the order of the settings. Pure. */
export function toStandings(
  providers: readonly ResolvedProvider[],
  skippedProviders: readonly SkippedProvider[],
  { stateOf, figuresOf }: LinkSources,
): readonly ProviderStanding[] {
  const skipped = new Map(skippedProviders.map(({ provider, reason }) => [provider, reason]));
  return providers.map((resolved): ProviderStanding => {
    const { provider, model, modelSource, enabled, configured } = resolved;
    const { state, untilEpochMs, code, why } = stateOf(resolved);
    return {
      provider: provider.id,
      model,
      modelSource,
      enabled,
      configured,
      state,
      until: untilEpochMs,
      code,
      why,
      skipped: skipped.get(provider.id) ?? null,
      ...figuresOf(resolved),
    };
  });
}
