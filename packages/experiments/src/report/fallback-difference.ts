import { normalProbability } from "../statistics/normal.ts";
import { percentText } from "./figure-text.ts";
import { meanOf, sampleVariance, type UnitSample } from "./unit-sample.ts";

/** Below this p the arms fall back at different rates. */
const ALPHA = 0.01;

/** The fallbacks of an arm. */
interface ArmFallbacks {
  readonly id: string;
  readonly sample: UnitSample;
}

/**
 * Whether the calls that the arms' own models served can be compared. If one arm fails more often on hard prompts, its served calls are the
 * easy ones. Two-sided z test of the units' fallback rates, each arm against the control.
 */
export function fallbackDifference(arms: readonly ArmFallbacks[]): {
  readonly isComparable: boolean;
  readonly why: string;
} {
  const [control, ...others] = arms;
  const different = others.find((arm) => control !== undefined && probabilityOf(control.sample, arm.sample) < ALPHA);
  if (control === undefined || different === undefined) {
    return { isComparable: true, why: "The arms fall back at the same rate, as far as can be seen." };
  }
  const [base, other] = [meanOf(control.sample) ?? 0, meanOf(different.sample) ?? 0];
  const why = `"${control.id}" falls back on ${percentText(base)} of its calls and "${different.id}" on ${percentText(other)}: the calls that their own models served are not alike, so compare the arms as assigned.`;
  return { isComparable: false, why };
}

function probabilityOf(control: UnitSample, arm: UnitSample): number {
  const [base, other] = [meanOf(control), meanOf(arm)];
  if (base === null || other === null || base === other) return 1;
  const variance = sampleVariance(control) + sampleVariance(arm);
  if (variance === 0) return 0;
  return 2 * normalProbability(-Math.abs(other - base) / Math.sqrt(variance));
}
