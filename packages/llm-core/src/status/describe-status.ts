import type { WindowName } from "../contract/figures.ts";
import type { Plan, ProviderStanding } from "../contract/plan.ts";
import { describeErrorCode } from "./error-words.ts";
import { formatDuration, formatShare } from "./format-figures.ts";
import type { ServiceStatus } from "./service-status.ts";

/** `good`, `warn` (degraded, or a fallback serves) or `bad` (an outage). The text always states it as well. */
export type StatusTone = "good" | "warn" | "bad";

/** The state of a service as text. */
export interface StatusText {
  readonly tone: StatusTone;
  /** The most important fact. */
  readonly headline: string;
  /** Sentences. */
  readonly details: readonly string[];
}

/** Input of {@link describeStatus}. */
export interface StatusFacts {
  readonly status: ServiceStatus;
  readonly links: Plan["links"];
  /** Every provider, in the order of the settings. */
  readonly providers: readonly Pick<ProviderStanding, "provider" | "configured" | "enabled" | "state" | "code">[];
  /** The display name of a provider. */
  nameOf(provider: string): string;
  /** Formats a time as a time of day. */
  formatTime(epochMs: number): string;
}

/** The windows as phrases in a sentence. */
export const WINDOW_WORDS: Readonly<Record<WindowName, string>> = {
  lastMinute: "in the last minute",
  last5Minutes: "in the last 5 minutes",
  lastHour: "in the last hour",
};

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;

/** Why a provider does not serve; `null`: it can serve, or its operators have disabled it. */
function problemOf(
  { nameOf }: StatusFacts,
  { provider, configured, enabled, state, code }: StatusFacts["providers"][number],
) {
  if (!configured || !enabled || state === "closed") return null;
  return `${nameOf(provider)} ${describeErrorCode(code)}`;
}

function outageHeadline({ status, formatTime }: StatusFacts): string {
  const { calls, window, losses } = status;
  const since = losses === null ? "" : `since ${formatTime(losses.sinceEpochMs)}`;
  const recent = window === null ? null : calls[window];
  if (window === null || recent === null || recent.succeeded > 0) {
    return `Outage: 0 of ${count(losses?.calls ?? 0, "call")} served ${since}`;
  }
  const words = `Outage: 0 of ${count(recent.calls, "call")} served ${WINDOW_WORDS[window]}`;
  return since === "" ? words : `${words}, ${since}`;
}

function degradedHeadline({ status }: StatusFacts): string {
  const { calls, window, reasons } = status;
  if (window === null) return "Degraded";
  const { calls: all, succeeded, fallbacks, durationMs } = calls[window];
  const when = WINDOW_WORDS[window];
  switch (reasons[0]) {
    case "latency": {
      const usual = formatDuration(calls.lastHour.durationMs?.p50 ?? null);
      return `Degraded: half of the calls take longer than ${formatDuration(durationMs?.p50 ?? null)} ${when}, ${usual} in the last hour`;
    }
    case "fallback":
      return `Degraded: ${fallbacks} of ${count(succeeded, "call")} served by a fallback ${when}`;
    default:
      return `Degraded: ${succeeded} of ${count(all, "call")} served ${when} (${formatShare(succeeded / all)})`;
  }
}

function withoutLinks(facts: StatusFacts): StatusText {
  const { status, providers } = facts;
  const hasKey = providers.some(({ configured }) => configured);
  const why = hasKey
    ? "Every provider that has a key is switched off or excluded."
    : "No provider has a key yet. Set the variable of one of them and restart.";
  const isOutage = status.state === "outage";
  const cannot = "No provider can be called";
  return {
    tone: "bad",
    headline: isOutage ? outageHeadline(facts) : cannot,
    details: isOutage ? [`${cannot}.`, why] : [why],
  };
}

/** The active provider and since when, the problems of the providers before it, and the available fallbacks. */
function describeChain(facts: StatusFacts): {
  readonly active: string;
  readonly problems: string;
  readonly fallbacks: string;
} {
  const { links, providers, status, nameOf, formatTime } = facts;
  const first = links[0]?.provider ?? "";
  const { serving } = status;
  const since = serving?.provider === first ? ` since ${formatTime(serving.sinceEpochMs)}` : "";
  const place = providers.findIndex(({ provider }) => provider === first);
  const before = status.state === "outage" ? providers : providers.slice(0, place);
  const problems = before.flatMap((each) => problemOf(facts, each) ?? []);
  const others = links.length - 1;
  return {
    active: `${nameOf(first)} is serving${since}`,
    problems: problems.length === 0 ? "" : `${problems.join("; ")}.`,
    fallbacks: others === 0 ? "No fallback is ready." : `${count(others, "fallback")} ready.`,
  };
}

function describeIdle({ status: { losses }, formatTime }: StatusFacts): string {
  const idle = "No calls in this process in the last hour";
  return losses === null ? `${idle}.` : `${idle}; none was served since ${formatTime(losses.sinceEpochMs)}.`;
}

/**
 * The state of a service, the active provider, and the problems of the providers before it. Shown by the command line and at the top of the
 * admin page. Pure.
 */
export function describeStatus(facts: StatusFacts): StatusText {
  const { status, links, nameOf } = facts;
  const [link] = links;
  if (link === undefined) return withoutLinks(facts);
  const { active, problems, fallbacks } = describeChain(facts);
  const sentences = (...all: readonly string[]) => all.filter((sentence) => sentence !== "");
  if (status.state === "outage") {
    const next = `The next call starts with ${nameOf(link.provider)}.`;
    return { tone: "bad", headline: outageHeadline(facts), details: sentences(problems, next, fallbacks) };
  }
  if (status.state === "degraded") {
    return { tone: "warn", headline: degradedHeadline(facts), details: sentences(`${active}.`, problems, fallbacks) };
  }
  return {
    tone: problems === "" ? "good" : "warn",
    headline: active,
    details: sentences(problems, fallbacks, status.state === "idle" ? describeIdle(facts) : ""),
  };
}
