import type { EvaluationReport, PairedFigure } from "./evaluation-report.ts";
import { LEAST_PAIRS } from "./paired-figure.ts";

const percent = (value: number): string => `${value < 0 ? "−" : "+"}${(Math.abs(value) * 100).toFixed(1)} points`;

function inWords(name: string, { difference, interval }: PairedFigure): string {
  if (difference === null || interval === null) return `${name} has too few pairs`;
  return `${name} ${percent(difference)} (from ${percent(interval[0])} to ${percent(interval[1])})`;
}

/** The verdict of scores: the first one decides, and none may be worse. Pure. */
export function judgeScores(scores: EvaluationReport["scores"]): Pick<EvaluationReport, "verdict" | "why"> {
  const entries = Object.entries(scores);
  const worse = entries.find(([, { interval }]) => interval !== null && interval[1] < 0);
  if (worse !== undefined) return { verdict: "worse", why: inWords(...worse) };
  const [first] = entries;
  if (first === undefined) return { verdict: "undecided", why: "there are no scores" };
  const [, { interval, pairs }] = first;
  if (interval === null) {
    return { verdict: "undecided", why: `${first[0]} has ${pairs} pairs, and ${LEAST_PAIRS} are needed` };
  }
  return { verdict: interval[0] > 0 ? "better" : "undecided", why: inWords(...first) };
}
