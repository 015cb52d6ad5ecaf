import type { ExperimentReport } from "@babylon/llm";
import { TRUE_QUALITY } from "../experiment/tick-experiment.ts";
import { alignTable } from "./align-table.ts";

const figure = (value: number | null): string => (value === null ? "-" : value.toFixed(3));

/** What the experiment of a tick has shown, beside the truth of the simulation. */
export function experimentLines(report: ExperimentReport): string[] {
  const { experiment, verdict, why, arms, comparison, served, warnings } = report;
  const differenceOf = (id: string): string => {
    const found = comparison.find(({ arm }) => arm === id);
    return found?.interval == null ? "" : `${figure(found.difference)} (${found.interval.map(figure).join(" to ")})`;
  };
  const rows = arms.map((arm) => [
    arm.id,
    String(arm.units),
    String(arm.calls),
    figure(arm.mean),
    differenceOf(arm.id),
    figure(arm.fallbackRate),
    figure(served.arms.find(({ id }) => id === arm.id)?.mean ?? null),
  ]);
  const truth = Object.entries(TRUE_QUALITY).map(([provider, quality]) => `${provider} ${quality}`);
  return [
    `Experiment ${experiment}: ${verdict}. ${why}`,
    ...alignTable(["arm", "agents", "calls", "accepted", "difference", "fallbacks", "accepted as served"], rows),
    `The truth of the simulation: ${truth.join(", ")}.`,
    ...warnings.map((text) => `Note: ${text}`),
  ];
}
