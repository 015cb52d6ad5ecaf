import type { AdminData, Figures, ProviderOverview } from "@babylon/admin-api/contract";
import { describeErrorCode, formatShare, WINDOW_WORDS } from "@babylon/llm-core/status";
import { formatClock } from "./format-time.ts";

/** The colour of a state. The text always states it, too. */
export type Tone = "good" | "neutral" | "warn" | "bad" | "off";

/** A provider's state in words. */
export interface ProviderWords {
  readonly tone: Tone;
  /** One to three words. */
  readonly label: string;
  /** A sentence; `null` where the label is enough. */
  readonly detail: string | null;
}

/** The state around the provider. */
export type ProviderContext = Pick<AdminData, "activeProvider" | "now"> & {
  /** No call is served. */
  readonly outage: boolean;
};

const GOOD_SUCCESS_RATE = 0.95;
const BAD_SUCCESS_RATE = 0.5;

/** The tone of a success rate: below 95 % it is a warning, below 50 % bad. Pure. */
export function toneOfSuccess(successRate: number | null): "neutral" | "warn" | "bad" {
  if (successRate === null || successRate >= GOOD_SUCCESS_RATE) return "neutral";
  return successRate >= BAD_SUCCESS_RATE ? "warn" : "bad";
}

function notUsed({ until, code }: ProviderOverview, now: number): string {
  const when = until === null ? "" : ` until ${formatClock(until, now)}`;
  return `Not used${when}: it ${describeErrorCode(code)}.`;
}

function successWords({ calls, succeeded, successRate }: Figures, when: string): string {
  return `${succeeded} of ${calls} attempts succeeded ${when} (${formatShare(successRate)}).`;
}

/** The words for the provider that calls start with. */
function describeServing(provider: ProviderOverview, outage: boolean): ProviderWords {
  const { state, code, windows } = provider;
  if (state === "open" || state === "resting") {
    const detail = `It ${describeErrorCode(code)}, but no other provider is available.`;
    return outage ? { tone: "bad", label: "Failing", detail } : { tone: "warn", label: "Serving", detail };
  }
  const window = windows.lastMinute.calls > 0 ? "lastMinute" : "last5Minutes";
  const figures = windows[window];
  const tone = toneOfSuccess(figures.successRate);
  const detail = tone === "neutral" ? null : successWords(figures, WINDOW_WORDS[window]);
  if (outage || figures.successRate === 0) return { tone: "bad", label: "Failing", detail };
  return { tone: tone === "neutral" ? "good" : tone, label: "Serving", detail };
}

/** The state of a provider in words. Pure. */
export function describeProvider(
  provider: ProviderOverview,
  { activeProvider, now, outage }: ProviderContext,
): ProviderWords {
  const { configured, enabled, envKey, state, skipped } = provider;
  if (!configured) {
    return { tone: "off", label: "No key", detail: envKey === null ? "Not configured." : `Set ${envKey} and restart.` };
  }
  if (!enabled) return { tone: "off", label: "Switched off", detail: null };
  if (provider.provider === activeProvider) return describeServing(provider, outage);
  if (state === "resting") return { tone: "warn", label: "Resting", detail: notUsed(provider, now) };
  if (state === "open") return { tone: "bad", label: "Failing", detail: notUsed(provider, now) };
  if (state === "half-open") return { tone: "warn", label: "Recovering", detail: "The next call probes it." };
  if (skipped !== null) return { tone: "bad", label: "Excluded", detail: `${skipped}.` };
  return { tone: "neutral", label: "Ready", detail: null };
}
