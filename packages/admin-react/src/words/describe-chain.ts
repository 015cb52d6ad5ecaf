import type { AdminData, ProviderOverview } from "@babylon/admin-api/contract";
import { causeOf, type Tone } from "./describe-standing.ts";

/** The state of the whole chain in two sentences. */
export interface ChainWords {
  readonly tone: Tone;
  readonly headline: string;
  readonly detail: string;
}

function whyNot({ name, configured, enabled, state, code }: ProviderOverview): string | null {
  if (!configured) return null;
  if (!enabled) return `${name} is switched off`;
  if (state === "resting") return code === "rate_limit" ? `${name} is rate limited` : `${name} is resting`;
  if (state === "open" || state === "half-open") return `${name} is failing: ${causeOf(code)}`;
  return null;
}

/** Who serves and why not the ones before. Pure. */
export function describeChain({ overview, activeProvider, chain }: AdminData): ChainWords {
  const at = overview.findIndex(({ provider }) => provider === activeProvider);
  const active = overview[at];
  if (active === undefined) {
    const anyKey = overview.some(({ configured }) => configured);
    return {
      tone: "bad",
      headline: "Nothing can be called",
      detail: anyKey
        ? "Every provider that has a key is switched off or left out."
        : "No provider has a key yet. Set one of the variables below and restart.",
    };
  }
  const reasons = overview.slice(0, at).flatMap((each) => whyNot(each) ?? []);
  const behind = chain.length - 1;
  const others =
    behind === 0 ? "Nobody stands behind it." : `${behind} more ${behind === 1 ? "stands" : "stand"} behind it.`;
  const first = reasons.length === 0;
  return {
    tone: first ? "good" : "warn",
    headline: `${active.name} is serving`,
    detail: first ? `${others}` : `${reasons.join("; ")}. ${others}`,
  };
}
