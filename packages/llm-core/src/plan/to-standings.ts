import type { LinkFigures } from "../contract/link-figures.ts";
import type { ProviderStanding, SkippedProvider } from "../contract/plan.ts";
import type { EpochLinkState } from "../health/epoch-link-state.ts";
import type { ResolvedProvider } from "./resolve-config.ts";

/** What is known about a link beside its place in the chain. */
export interface LinkKnowledge {
  stateOf(link: ResolvedProvider): EpochLinkState;
  figuresOf(link: ResolvedProvider): LinkFigures;
}

/** How every provider stands, in the order of the settings: those of the chain and those left out. Pure. */
export function toStandings(
  providers: readonly ResolvedProvider[],
  skippedProviders: readonly SkippedProvider[],
  { stateOf, figuresOf }: LinkKnowledge,
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
