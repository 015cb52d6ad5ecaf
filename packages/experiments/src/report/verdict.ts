import type { ExperimentSettings } from "@babylon/llm-core";
import type { ArmComparison, ArmReport, ExperimentReport, GuardrailReport, Verdict } from "./experiment-report.ts";
import { countText, differenceText, figureText } from "./figure-text.ts";

/** Below this an asymptotic test is not trusted. */
export const LEAST_UNITS = 25;

/** What a verdict is made from. */
export interface VerdictInput {
  readonly settings: ExperimentSettings;
  readonly arms: readonly ArmReport[];
  readonly comparison: readonly ArmComparison[];
  readonly guardrails: readonly GuardrailReport[];
  readonly units: number;
  /** Why the figures must not be used; `null`: they may. */
  readonly invalid: string | null;
}

/** The verdict with its reason. */
export type VerdictParts = Pick<ExperimentReport, "verdict" | "winner" | "harmful" | "why">;

/** Judges an experiment. Pure. */
export function judgeExperiment(input: VerdictInput): VerdictParts {
  const { settings, arms, comparison, invalid } = input;
  if (invalid !== null) return verdictOf("invalid", invalid);
  const [only] = arms;
  if (only !== undefined && comparison.length === 0) {
    const why = `"${only.id}" is the only arm: all calls of the audience get it, and nothing is compared or stored. Stop the experiment to end that, or start another one for the same calls, which has a higher priority.`;
    return verdictOf("undecided", why);
  }
  const judged = comparison.filter(({ arm }) => hasEnough(input, arm));
  const harmful = judged.filter((one) => sideOf(one, settings) === "worse" || violated(input, one.arm).length > 0);
  const winners = judged
    .filter((one) => sideOf(one, settings) === "better" && !harmful.includes(one))
    .toSorted((a, b) => signed(b, settings) - signed(a, settings));
  const ids = harmful.map(({ arm }) => arm);
  const [best] = winners.filter(({ arm }) => !isHeldBack(input, arm));
  if (best !== undefined) {
    const why = `${compared(input, best)} Promote "${best.arm}", or stop the experiment without it.`;
    return { verdict: "winner", winner: best.arm, harmful: ids, why };
  }
  const [worst] = harmful;
  if (worst !== undefined) return { ...verdictOf("harmful", harmText(input, worst)), harmful: ids };
  return undecided(input, winners[0]);
}

const verdictOf = (verdict: Verdict, why: string): VerdictParts => ({ verdict, winner: null, harmful: [], why });

const controlOf = ({ arms }: VerdictInput): ArmReport | undefined => arms[0];

/** Units whose metric is known, of the arm and of the control. */
function hasEnough(input: VerdictInput, arm: string): boolean {
  const found = input.arms.find(({ id }) => id === arm);
  return (found?.knownUnits ?? 0) >= LEAST_UNITS && (controlOf(input)?.knownUnits ?? 0) >= LEAST_UNITS;
}

function sideOf({ interval }: ArmComparison, { direction }: ExperimentSettings): "better" | "worse" | "open" {
  if (interval === null) return "open";
  const [low, high] = interval;
  if (low > 0) return direction === "up" ? "better" : "worse";
  if (high < 0) return direction === "up" ? "worse" : "better";
  return "open";
}

const signed = ({ difference }: ArmComparison, { direction }: ExperimentSettings): number =>
  (difference ?? 0) * (direction === "up" ? 1 : -1);

const violated = ({ guardrails }: VerdictInput, arm: string): readonly GuardrailReport[] =>
  guardrails.filter((guardrail) => guardrail.arm === arm && guardrail.state === "violated");

/** Guardrails that an arm seems to violate, although not surely. */
const heldBackBy = ({ guardrails }: VerdictInput, arm: string): readonly GuardrailReport[] =>
  guardrails.filter(
    (guardrail) => guardrail.arm === arm && (guardrail.worse === null || guardrail.worse > guardrail.worseBy),
  );

/** What a guardrail is about: `latencyMs (share of calls above 1.5 times the control's p95 of 820)`. */
function guardrailText({ metric, quantile }: GuardrailReport): string {
  if (quantile === null) return metric;
  const { of, times, control } = quantile;
  const value = control === null ? "" : ` of ${figureText(control)}`;
  return `${metric} (share of calls above ${figureText(times)} times the control's p${figureText(of * 100)}${value})`;
}

const isHeldBack = (input: VerdictInput, arm: string): boolean => heldBackBy(input, arm).length > 0;

function compared(input: VerdictInput, { arm, difference, interval }: ArmComparison): string {
  const { settings, arms } = input;
  const control = controlOf(input);
  const treatment = arms.find(({ id }) => id === arm);
  if (difference === null || interval === null || control?.mean == null || treatment?.mean == null) return "";
  const isBetter = difference > 0 === (settings.direction === "up");
  const [low, high] = interval;
  return (
    `"${arm}" is ${isBetter ? "better" : "worse"} than "${control.id}": ${settings.metric} ${figureText(treatment.mean)} ` +
    `instead of ${figureText(control.mean)}, ${differenceText(difference)} (from ${differenceText(low)} to ${differenceText(high)}).`
  );
}

function harmText(input: VerdictInput, worst: ArmComparison): string {
  const [guardrail] = violated(input, worst.arm);
  const reason =
    guardrail === undefined
      ? compared(input, worst)
      : `"${worst.arm}" violates the guardrail ${guardrailText(guardrail)}: worse by ${figureText(guardrail.worse ?? 0)}, and ${figureText(guardrail.worseBy)} is acceptable.`;
  return `${reason} Pause the arm, or stop the experiment.`;
}

function undecided(input: VerdictInput, held: ArmComparison | undefined): VerdictParts {
  const { settings, comparison, units } = input;
  const { plannedUnits, metric } = settings;
  const [guardrail] = held === undefined ? [] : heldBackBy(input, held.arm);
  if (held !== undefined && guardrail !== undefined) {
    const state = guardrail.worse === null ? "not known" : `worse by ${figureText(guardrail.worse)} so far`;
    const why = `${compared(input, held)} But its guardrail ${guardrailText(guardrail)} is ${state}, and ${figureText(guardrail.worseBy)} is acceptable: wait for more units, or decide by hand.`;
    return verdictOf("undecided", why);
  }
  const few = comparison.filter(({ arm }) => !hasEnough(input, arm));
  if (few.length > 0) {
    const names = few.map(({ arm }) => `"${arm}"`).join(", ");
    const why = `${names} and the control need at least ${LEAST_UNITS} units each whose ${metric} is known: wait, and check that the application observes ${metric} if this does not change.`;
    return verdictOf("undecided", why);
  }
  const ranges = comparison.flatMap(({ arm, interval }) =>
    interval === null
      ? []
      : [`the difference of "${arm}" is between ${differenceText(interval[0])} and ${differenceText(interval[1])}`],
  );
  if (plannedUnits !== undefined && units >= plannedUnits) {
    const why = `After ${countText(units)} of ${countText(plannedUnits)} planned units ${ranges.join("; ")}. Stop the experiment and keep the cheaper arm, or plan more units to find a smaller difference.`;
    return verdictOf("no-difference", why);
  }
  const next =
    plannedUnits === undefined
      ? "Wait for more units, and set plannedUnits so that the experiment can end."
      : `Wait for ${countText(plannedUnits - units)} more units of ${countText(plannedUnits)}.`;
  return verdictOf("undecided", `So far ${ranges.join("; ")}, so it may be none. ${next}`);
}
