import type { ExperimentSettings } from "@babylon/admin-api/contract";
import { type UnitsNeeded, unitsNeeded } from "@babylon/experiments/contract";
import { ALL_CALLS, type AudienceField, type AudienceForm, audienceProblems, toAudience } from "./audience-form.ts";

/** The inputs of an experiment, as they are typed. */
export interface ExperimentForm {
  readonly id: string;
  readonly audience: AudienceForm;
  /** The arms of an existing experiment stay as they are: there are others than a control and one new arm. */
  readonly keepsArms: boolean;
  readonly unit: ExperimentSettings["unit"];
  /** The provider of the new arm. */
  readonly provider: string;
  /** `null`: the provider's own. */
  readonly model: string | null;
  /** Of the units that get the new arm. */
  readonly percent: string;
  readonly metric: string;
  readonly direction: "up" | "down";
  /** The rate of the control in percent, for a metric of yes and no; empty: not known. */
  readonly rate: string;
  /** The smallest difference that is to be found, in points of percent. */
  readonly difference: string;
  readonly callsPerUnit: string;
  readonly pauseHarmful: boolean;
}

/** The field of a problem. */
export type FormField = "id" | "percent" | "metric" | "rate" | "difference" | "callsPerUnit" | AudienceField;

/** What is wrong, by field. */
export type FormProblems = Readonly<Partial<Record<FormField, string>>>;

/** Metrics that need no code: the name, and whether less is better. */
export const RECORD_METRIC_NAMES: readonly string[] = [
  "latencyMs",
  "firstTokenMs",
  "costUsd",
  "failure",
  "fallback",
  "outputTokens",
  "schemaFailures",
];

/** An empty form. */
export const newExperimentForm = (provider: string): ExperimentForm => ({
  id: "",
  audience: ALL_CALLS,
  keepsArms: false,
  unit: "agent",
  provider,
  model: null,
  percent: "50",
  metric: "accepted",
  direction: "up",
  rate: "50",
  difference: "5",
  callsPerUnit: "10",
  pauseHarmful: true,
});

/** A form that is being filled in, and its step, from 0. */
export interface ExperimentDraft {
  readonly form: ExperimentForm;
  readonly step: number;
  /** The experiment that is edited, as it was; `null`: a new one. */
  readonly edited: ExperimentSettings | null;
}

/** The steps of the form. */
export const FORM_STEPS = ["Arms and audience", "Metric and size", "Review"] as const;

const UNITS: readonly ExperimentSettings["unit"][] = ["agent", "session", "call"];
const TEXTS = ["id", "provider", "percent", "metric", "rate", "difference", "callsPerUnit"] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isAudience(value: unknown): value is AudienceForm {
  return isRecord(value) && Object.keys(ALL_CALLS).every((field) => typeof value[field] === "string");
}

const isExperiment = (value: unknown): value is ExperimentSettings => isRecord(value) && Array.isArray(value.arms);

function isForm(value: unknown): value is ExperimentForm {
  return (
    isRecord(value) &&
    TEXTS.every((field) => typeof value[field] === "string") &&
    UNITS.some((unit) => unit === value.unit) &&
    (value.model === null || typeof value.model === "string") &&
    (value.direction === "up" || value.direction === "down") &&
    typeof value.pauseHarmful === "boolean" &&
    typeof value.keepsArms === "boolean" &&
    isAudience(value.audience)
  );
}

/** A stored draft; `null` where it is none. */
export function parseExperimentDraft(stored: unknown): ExperimentDraft | null {
  if (!isRecord(stored) || !isForm(stored.form)) return null;
  const { form, step, edited } = stored;
  if (typeof step !== "number" || FORM_STEPS[step] === undefined) return null;
  if (edited !== null && !isExperiment(edited)) return null;
  return { form, step, edited };
}

function numberIn(text: string, above: number, below: number): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value > above && value < below ? value : null;
}

/** What is wrong in a step, from 0. Pure. */
export function problemsOf(form: ExperimentForm, step: number, taken: readonly string[]): FormProblems {
  if (step === 0) {
    const idProblem = taken.includes(form.id.trim())
      ? "There is an experiment with this name."
      : "Letters, digits, dots, dashes and underscores, at most 100.";
    const isValidId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(form.id.trim()) && !taken.includes(form.id.trim());
    return {
      ...(isValidId ? {} : { id: idProblem }),
      ...(form.keepsArms || numberIn(form.percent, 0, 100) !== null
        ? {}
        : { percent: "A number above 0 and below 100." }),
      ...audienceProblems(form.audience),
    };
  }
  if (step > 1) return {};
  return {
    ...(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(form.metric) ? {} : { metric: "Letters and digits, at most 64." }),
    ...(form.rate.trim() === "" || numberIn(form.rate, 0, 100) !== null
      ? {}
      : { rate: "A number above 0 and below 100, or nothing." }),
    ...(numberIn(form.difference, 0, 100) === null ? { difference: "A number above 0 and below 100." } : {}),
    ...(Number.isInteger(numberIn(form.callsPerUnit, 0, 1e6)) ? {} : { callsPerUnit: "A whole number above 0." }),
  };
}

/** The weight of the new arm, of 10,000. */
export const shareOf = ({ percent }: Pick<ExperimentForm, "percent">): number => Math.round(Number(percent) * 100);

/** How many units the experiment takes; `null`: not known, because the rate or the arms are not. Pure. */
export function neededFor(form: ExperimentForm): UnitsNeeded | null {
  const problems = { ...problemsOf(form, 0, []), ...problemsOf(form, 1, []) };
  const isUsable = [problems.percent, problems.rate, problems.difference, problems.callsPerUnit].every(
    (problem) => problem === undefined,
  );
  if (!isUsable || form.keepsArms || form.rate.trim() === "") return null;
  return unitsNeeded({
    rate: Number(form.rate) / 100,
    difference: Number(form.difference) / 100,
    callsPerUnit: form.unit === "call" ? 1 : Number(form.callsPerUnit),
    share: shareOf(form) / 10_000,
  });
}

/** The experiment of a form without problems. Pure. */
export function toExperiment(form: ExperimentForm, state: "draft" | "running"): ExperimentSettings {
  const { unit, provider, model, metric, direction, pauseHarmful } = form;
  const needed = neededFor(form);
  const audience = toAudience(form.audience);
  return {
    state,
    unit,
    arms: [
      { id: "control", weight: 10_000 - shareOf(form) },
      { id: "new", weight: shareOf(form), provider, ...(model === null ? {} : { model }) },
    ],
    ...(audience === undefined ? {} : { audience }),
    metric,
    direction,
    ...(metric === "failure" ? {} : { guardrails: [{ metric: "failure", worseBy: 0.02 }] }),
    ...(needed === null ? {} : { plannedUnits: needed.units }),
    ...(pauseHarmful ? { pauseHarmful } : {}),
  };
}
