import type { DatasetReport, EvaluationReport, JobState, JobSummary, PairedFigure } from "@babylon/admin-api/contract";
import { formatDuration, formatUsd } from "@babylon/llm-core/status";
import { formatFigure, formatPercent } from "./describe-experiment.ts";
import type { Tone } from "./describe-provider.ts";
import { formatCount } from "./format-count.ts";
import { formatAgo } from "./format-time.ts";

interface TuningWords {
  readonly label: string;
  readonly tone: Tone;
}

/** The state of a job in words. */
export const JOB_WORDS: Readonly<Record<JobState, TuningWords>> = {
  created: { label: "Preparing", tone: "neutral" },
  model: { label: "Creating the model", tone: "neutral" },
  upload: { label: "Uploading", tone: "neutral" },
  start: { label: "Starting", tone: "neutral" },
  running: { label: "Training", tone: "neutral" },
  ended: { label: "Trained", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  start_unknown: { label: "Start unknown", tone: "warn" },
};

/** A verdict in words. */
export const EVALUATION_WORDS: Readonly<Record<EvaluationReport["verdict"], TuningWords>> = {
  better: { label: "Better", tone: "good" },
  worse: { label: "Worse", tone: "bad" },
  undecided: { label: "Undecided", tone: "neutral" },
};

/** Why a call is not in a dataset. */
export const DROP_WORDS: Readonly<Record<keyof DatasetReport["dropped"], string>> = {
  failed: "failed or cut off",
  stitched: "joined from several attempts",
  "no-content": "recorded without content",
  source: "provider not allowed",
  filtered: "left out by the filter",
  media: "has images or documents",
  empty: "empty answer",
  "invalid-tool-call": "invalid tool call",
  "too-long": "too long",
  "unknown-tokens": "length unknown",
  "not-judged": "not judged",
  rejected: "rejected by the judge",
  secret: "contains a secret",
  duplicate: "same prompt as another",
  "over-limit": "dataset was full",
};

/** Without an event for so long, probably nobody reads them. */
const SILENT_MS = 300_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A span of time as a person says it: `40 s`, `12 min`, `2 h 5 min`. Pure. */
export function formatSpan(ms: number): string {
  if (ms < 1.5 * MINUTE_MS) return `${Math.round(ms / 1_000)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.floor(ms / HOUR_MS)} h ${Math.round((ms % HOUR_MS) / MINUTE_MS)} min`;
}

/** How far a job is: its steps, its loss, and the time that is left, each as far as it is known. Pure. */
export function describeProgress({ state, step, steps, latest }: JobSummary, now: number): string {
  if (state !== "running") return steps === null || step === 0 ? "" : `${formatCount(step)} steps`;
  const event = latest?.event.type === "step" ? latest.event : null;
  const left = event?.timeLeftMs == null ? null : Math.max(0, event.timeLeftMs - (now - event.at));
  return [
    steps === null ? `step ${formatCount(step)}` : `step ${formatCount(step)} of ${formatCount(steps)}`,
    ...(event?.loss == null ? [] : [`loss ${formatFigure(event.loss)}`]),
    left === null ? "time left unknown" : `about ${formatSpan(left)} left`,
  ].join(", ");
}

/** States in which somebody has to go on with a job. */
const UNFINISHED: readonly JobState[] = ["created", "model", "upload", "start", "running"];

/** Why an unfinished job may be as it was some time ago, and the command that goes on with it; `null`: it is not. Pure. */
export function describeSilence({ id, state, createdAt, latest }: JobSummary, now: number): string | null {
  const at = latest?.event.at ?? createdAt;
  if (!UNFINISHED.includes(state) || now - at < SILENT_MS) return null;
  const what =
    state === "running"
      ? `The last event was read ${formatAgo(at, now)}. Events are read by the process that watches the job:`
      : `It was begun ${formatAgo(at, now)} and has not been started. The process may have ended; another one goes on with it:`;
  return `${what} babylon-llm tune watch ${id}`;
}

const ONE_DIGIT = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** What the values of a figure are: shares of examples, milliseconds or US dollars. */
export type FigureKind = "score" | "ms" | "usd";

const NANO_PER_USD = 1e9;

const VALUE: Readonly<Record<FigureKind, (value: number) => string>> = {
  score: formatPercent,
  ms: (value) => formatDuration(value),
  usd: (value) => formatUsd(Math.round(value * NANO_PER_USD)),
};

/** A difference of shares is in points. */
const AMOUNT: Readonly<Record<FigureKind, (value: number) => string>> = {
  ...VALUE,
  score: (value) => ONE_DIGIT.format(value * 100),
};

const signed = (kind: FigureKind, value: number): string =>
  `${value > 0 ? "+" : value < 0 ? "−" : ""}${AMOUNT[kind](Math.abs(value))}`;

/** A value of a figure; a dash where it is not known. Pure. */
export const formatScore = (kind: FigureKind, value: number | null): string =>
  value === null ? "–" : VALUE[kind](value);

/** The difference of a figure with its interval. Pure. */
export function describeDifferenceOf(kind: FigureKind, { difference, interval }: PairedFigure): string {
  if (difference === null) return "–";
  const range = interval === null ? "too few pairs" : interval.map((end) => signed(kind, end)).join(" to ");
  return `${signed(kind, difference)}${kind === "score" ? " points" : ""} (${range})`;
}

/** The last part of a path. Pure. */
export const lastPart = (path: string): string => path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
