import type { Provider } from "../contract/provider.ts";
import { toEpochLinkState } from "../health/epoch-link-state.ts";
import type { LinkHealth } from "../health/link-health.ts";
import type { Engine } from "./engine.ts";

/** The health of each known link. */
export function linkHealth(engine: Engine, providers: readonly Provider[]): readonly LinkHealth[] {
  return engine.stats.links().map((link): LinkHealth => {
    const { state, untilEpochMs, why, code } = toEpochLinkState(engine.breaker.read(link), engine.clock);
    const provider = providers.find(({ id }) => id === link.provider);
    const limiter = provider === undefined ? null : engine.limiterOf(provider, link);
    return {
      provider: link.provider,
      model: link.model,
      state,
      until: untilEpochMs,
      code,
      why,
      ...engine.stats.figures(link),
      active: limiter?.active ?? 0,
      queued: limiter?.queued ?? 0,
      limit: limiter?.limit ?? 0,
    };
  });
}
