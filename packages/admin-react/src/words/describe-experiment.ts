import type { ExperimentReport, ExperimentSettings } from "@babylon/admin-api/contract";
import type { Tone } from "./describe-provider.ts";
import { formatCount } from "./format-count.ts";

/** A verdict in words. */
export const VERDICT_WORDS: Readonly<
  Record<ExperimentReport["verdict"], { readonly title: string; readonly tone: Tone }>
> = {
  winner: { title: "There is a winner", tone: "good" },
  harmful: { title: "An arm does harm", tone: "bad" },
  "no-difference": { title: "No difference was found", tone: "neutral" },
  undecided: { title: "Not decided yet", tone: "neutral" },
  invalid: { title: "The figures must not be used", tone: "bad" },
};

/** A state in words. */
export const STATE_WORDS: Readonly<
  Record<ExperimentSettings["state"], { readonly label: string; readonly tone: Tone }>
> = {
  draft: { label: "Draft", tone: "off" },
  running: { label: "Running", tone: "good" },
  paused: { label: "Paused", tone: "warn" },
  stopped: { label: "Stopped", tone: "off" },
};

const PRECISE = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** A figure of a metric; a dash where it is not known. */
export const formatFigure = (value: number | null): string => (value === null ? "–" : PRECISE.format(value));

/** An interval; a dash where it is not known. */
export const formatInterval = (interval: readonly [number, number] | null): string =>
  interval === null ? "–" : `${PRECISE.format(interval[0])} to ${PRECISE.format(interval[1])}`;

/** A share as a percentage; a dash where it is not known. */
export const formatPercent = (share: number | null): string => (share === null ? "–" : SHARE.format(share));

type Excluded = ExperimentReport["excluded"];

const countCalls = (count: number, what: string): string =>
  `${formatCount(count)} ${count === 1 ? "call" : "calls"} ${what}`;

/** The calls of the audience that are not in the experiment, with the reason; `null`: all are. */
export function describeExcluded(excluded: Excluded): string | null {
  const parts = [
    [excluded.pinned, "pinned to a provider"],
    [excluded["call-models"], "with a model of their own"],
    [excluded["agent-setting"], "of agents with settings of their own"],
  ] as const;
  const texts = parts.flatMap(([count = 0, what]) => (count === 0 ? [] : [countCalls(count, what)]));
  return texts.length === 0 ? null : `Not in the experiment: ${texts.join(", ")}.`;
}

/** A shadow arm: how many copies there are, and how often a judge has preferred them. */
export function describeShadow({ arm, calls, preferred }: ExperimentReport["shadows"][number]): string {
  const judged = Object.entries(preferred).map(
    ([metric, { pairs, share, interval }]) =>
      `${metric}: better in ${formatPercent(share)} of ${formatCount(pairs)} pairs (${formatInterval(interval)})`,
  );
  return `Shadow ${[`${arm}: ${formatCount(calls)} copies`, ...judged].join("; ")}.`;
}
