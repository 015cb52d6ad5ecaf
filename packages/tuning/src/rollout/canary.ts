import type { ChangeOptions, ExperimentReport, Experiments } from "@babylon/experiments";
import {
  type Clock,
  type ExperimentGuardrail,
  type ExperimentSettings,
  type ExperimentUnit,
  invalidInput,
} from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import { TuningError } from "../contract/tuning-error.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import type { CandidateModel } from "./create-rollouts.ts";
import type { TuningSettings } from "./tuning-settings.ts";
import { type TuningClient, warmUp } from "./warm-up.ts";

/** Options of `canary`. */
export interface CanaryOptions extends Omit<ChangeOptions, "expectedVersion"> {
  /** The share of units that get the model, from 0.0001 to 0.5. Default 0.05. */
  readonly weight?: number | undefined;
  /** Default `agent`. */
  readonly unit?: ExperimentUnit | undefined;
  /** Only these agents and purposes. Default: all. */
  readonly agents?: readonly string[] | undefined;
  readonly purposes?: readonly string[] | undefined;
  /** After so many units, of both arms together, without harm it has passed. */
  readonly plannedUnits: number;
  /** The metric that decides. Default `failure`, of which less is better. */
  readonly metric?: string | undefined;
  readonly direction?: "up" | "down" | undefined;
  /**
   * Default: failures at most 2 points more, fallbacks at most 5 points more, a second of latency. A model that is not served shows as
   * fallbacks: its calls succeed.
   */
  readonly guardrails?: readonly ExperimentGuardrail[] | undefined;
  /** An evaluation of the model. With the verdict `worse`, or none, `force` is needed. */
  readonly report?: EvaluationReport | undefined;
  /** Start without such an evaluation, for this reason. */
  readonly force?: string | undefined;
  /** How often the canary looks at the report, milliseconds. Default 60 s. */
  readonly checkEveryMs?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** How a canary ended: without harm, with harm, or stopped by somebody else. */
export interface CanaryOutcome {
  readonly outcome: "passed" | "harmful" | "stopped";
  /** In words. */
  readonly why: string;
}

/** A canary: an experiment that ends itself. */
export interface Canary {
  /** The id of its experiment in the settings. */
  readonly experiment: string;
  /** Looks at the report now; `null`: it goes on. */
  check(): Promise<CanaryOutcome | null>;
  /** Resolves when it has ended, as long as it is not closed. */
  readonly ended: Promise<CanaryOutcome>;
  /** Stops looking. The experiment goes on, and its guardrails, as long as a process with experiments runs. */
  close(): void;
}

/** What a canary uses. */
export interface CanaryParts {
  readonly settings: TuningSettings;
  readonly experiments: Pick<Experiments, "report" | "stop">;
  readonly llm: TuningClient;
  readonly clock: Clock;
}

const CONTROL = "control";
const TUNED = "tuned";
const GUARDRAILS: readonly ExperimentGuardrail[] = [
  { metric: "failure", worseBy: 0.02 },
  { metric: "fallback", worseBy: 0.05 },
  { metric: "latencyMs", worseBy: 1_000 },
];
const ACTOR = "tuning";

/** The id of the canary of a tuned model. */
const experimentOf = (name: string): string => `canary-${name}`;

/** Warms a model up and gives it a small share of the calls. Rejects with `not_servable`, `not_better` and as the settings. */
export async function startCanary(
  parts: CanaryParts,
  candidate: CandidateModel,
  options: CanaryOptions,
): Promise<Canary> {
  const { settings, experiments, llm, clock } = parts;
  const { checkEveryMs = 60_000, actor = ACTOR, abortSignal, report, force } = options;
  const experiment = toExperiment(candidate, options);
  const isSupported = report !== undefined && report.candidate.model === candidate.model && report.verdict !== "worse";
  if (!isSupported && (force ?? "").trim() === "") {
    const why =
      report === undefined ? "there is no evaluation" : `its evaluation says "${report.verdict}": ${report.why}`;
    throw new TuningError("not_better", `${candidate.model} gets no calls: ${why}`);
  }
  await warmUp(llm, candidate, { abortSignal });
  const id = experimentOf(candidate.name);
  const reason = options.reason ?? `${candidate.name}: canary of ${candidate.model}${isSupported ? "" : `: ${force}`}`;
  await settings.update(
    async (stored) => {
      if (stored.experiments?.[id]?.state === "running")
        throw new TuningError("conflict", `the canary ${id} is running`);
      return { experiments: { [id]: experiment } };
    },
    { actor, reason: reason.slice(0, 1_000) },
  );
  return watchCanary({ ...parts, settings, experiments, clock }, id, checkEveryMs, actor);
}

function toExperiment({ provider, model }: CandidateModel, options: CanaryOptions): ExperimentSettings {
  const { weight = 0.05, unit = "agent", agents, purposes, plannedUnits } = options;
  if (!(weight >= 0.0001 && weight <= 0.5)) throw invalidInput("weight", "a share from 0.0001 to 0.5");
  if (!(Number.isSafeInteger(plannedUnits) && plannedUnits >= 1))
    throw invalidInput("plannedUnits", "a whole number, 1 or more");
  if (/:latest$/.test(model))
    throw invalidInput("model", "a version or a step of a model, and not an alias that moves");
  const share = Math.round(weight * 10_000);
  const audience = { ...(agents === undefined ? {} : { agents }), ...(purposes === undefined ? {} : { purposes }) };
  return {
    state: "running",
    winner: null,
    unit,
    arms: [
      { id: CONTROL, weight: 10_000 - share },
      { id: TUNED, weight: share, provider, model },
    ],
    ...(Object.keys(audience).length === 0 ? {} : { audience }),
    metric: options.metric ?? "failure",
    direction: options.direction ?? "down",
    guardrails: options.guardrails ?? GUARDRAILS,
    plannedUnits,
    // Any process with experiments pauses the arm, also when the one that started the canary is gone.
    pauseHarmful: true,
  };
}

/** How a canary stands, from its report; `null`: it goes on. Pure. */
export function canaryOutcome(report: ExperimentReport): CanaryOutcome | null {
  const { state, harmful, verdict, why, plannedUnits, units, arms } = report;
  const isPaused = arms.some(({ id, isPaused: paused }) => id === TUNED && paused);
  if (harmful.includes(TUNED) || isPaused) return { outcome: "harmful", why };
  if (state !== "running") return { outcome: "stopped", why: `the experiment is ${state}` };
  const isDone =
    verdict === "winner" || (verdict === "no-difference" && plannedUnits !== null && units >= plannedUnits);
  return isDone ? { outcome: "passed", why } : null;
}

function watchCanary({ experiments, clock }: CanaryParts, id: string, everyMs: number, actor: string): Canary {
  let isClosed = false;
  let cancel: () => void = () => {};
  const { promise: ended, resolve } = Promise.withResolvers<CanaryOutcome>();

  async function check(): Promise<CanaryOutcome | null> {
    const outcome = canaryOutcome(await experiments.report(id));
    if (outcome === null) return null;
    if (outcome.outcome !== "stopped") {
      const winner = outcome.outcome === "passed" ? TUNED : null;
      await experiments.stop(id, { winner, actor, reason: `${id}: ${outcome.why}`.slice(0, 1_000) });
    }
    isClosed = true;
    cancel();
    resolve(outcome);
    return outcome;
  }

  function schedule(): void {
    if (isClosed) return;
    cancel = startBackgroundTimer(clock, everyMs, () => {
      // A store that is away: the next look may succeed, and the guard of the experiments looks, too.
      check()
        .catch(() => {})
        .finally(schedule);
    });
  }

  schedule();
  return {
    experiment: id,
    check,
    ended,
    close() {
      isClosed = true;
      cancel();
    },
  };
}
