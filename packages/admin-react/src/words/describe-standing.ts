import type { ProviderOverview } from "@babylon/admin-api/contract";
import { formatClock } from "./format-time.ts";

/** How a state is coloured. Its words always say it, too. */
export type Tone = "good" | "neutral" | "warn" | "bad" | "off";

/** A provider's state in words. */
export interface StandingWords {
  readonly tone: Tone;
  /** A word or three. */
  readonly label: string;
  /** A sentence; `null` where the label says it all. */
  readonly detail: string | null;
}

const CAUSES: Readonly<Record<string, string>> = {
  rate_limit: "of a rate limit",
  auth: "its key was refused",
  permission: "its key may not do this",
  quota: "its credit is used up",
  model_not_found: "it does not know the model",
  timeout: "it answers too slowly",
  network: "it cannot be reached",
  overloaded: "it is overloaded",
  server: "it answers with errors",
  invalid_response: "its answers make no sense",
  truncated: "its answers break off",
  interrupted: "its answers break off",
};

/** Why a link is left alone, as the rest of a sentence after "because". */
export function causeOf(code: string | null): string {
  return (code === null ? undefined : CAUSES[code]) ?? "it keeps failing";
}

function leftAlone(word: string, { until, code }: ProviderOverview, now: number): string {
  const when = until === null ? "" : ` until ${formatClock(until, now)}`;
  return `${word}${when} because ${causeOf(code)}.`;
}

/**
 * How a provider stands, for people. Pure.
 *
 * @param active - the provider that the plan begins with
 * @param now - epoch milliseconds on the clock that `until` is on
 */
export function describeStanding(provider: ProviderOverview, active: string | null, now: number): StandingWords {
  const { configured, enabled, envKey, state, skipped } = provider;
  const serves = provider.provider === active;
  if (!configured) {
    return { tone: "off", label: "No key", detail: envKey === null ? "Not configured." : `Set ${envKey} and restart.` };
  }
  if (!enabled) return { tone: "off", label: "Switched off", detail: null };
  if (state === "resting" && !serves) {
    return { tone: "warn", label: "Resting", detail: leftAlone("Left alone", provider, now) };
  }
  if (state === "open" && !serves)
    return { tone: "bad", label: "Failing", detail: leftAlone("Left alone", provider, now) };
  if (serves) {
    const last = state === "open" || state === "resting";
    return {
      tone: last ? "warn" : "good",
      label: "Serving",
      detail: last ? `Though ${causeOf(provider.code)}: nobody else is left.` : null,
    };
  }
  if (state === "half-open") return { tone: "warn", label: "Recovering", detail: "One call is tried on it next." };
  if (skipped !== null) return { tone: "bad", label: "Left out", detail: `${skipped}.` };
  return { tone: "neutral", label: "Ready", detail: null };
}
