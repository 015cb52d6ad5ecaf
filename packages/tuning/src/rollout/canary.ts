import type { ChangeOptions } from "@babylon/experiments";
import {
  type ExperimentGuardrail,
  type ExperimentSettings,
  type ExperimentUnit,
  invalidInput,
} from "@babylon/llm-core";
import { TuningError } from "../contract/tuning-error.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import type { CandidateModel } from "./create-rollouts.ts";
import { failureRate, fallbackRate, p95LatencyMs } from "./guardrails.ts";
import type { TuningSettings } from "./tuning-settings.ts";
import { type TuningClient, warmUp } from "./warm-up.ts";
import {
  ACTOR,
  type Canary,
  type CanaryWatching,
  TUNED,
  type WatchedExperiments,
  watchCanary,
} from "./watch-canary.ts";

/** Options of `canary`. */
export interface CanaryOptions extends Omit<ChangeOptions, "expectedVersion" | "actor">, CanaryWatching {
  /** The share of units that get the model, from 0.0001 to 0.5. Default 0.05. */
  readonly weight?: number | undefined;
  /** Default `agent`. */
  readonly unit?: ExperimentUnit | undefined;
  /** Only these agents, purposes and tenants. Default: all. */
  readonly agents?: readonly string[] | undefined;
  readonly purposes?: readonly string[] | undefined;
  readonly tenants?: readonly string[] | undefined;
  /** After so many units, of both arms together, without harm it has passed. */
  readonly plannedUnits: number;
  /** The metric that decides. Default `failure`, of which less is better. */
  readonly metric?: string | undefined;
  readonly direction?: "up" | "down" | undefined;
  /**
   * Default: `failureRate({ worseBy: 0.02 })`, `fallbackRate({ worseBy: 0.05 })`, `p95LatencyMs({ times: 1.5 })`. A model that is not served shows
   * as fallbacks: its calls succeed.
   */
  readonly guardrails?: readonly ExperimentGuardrail[] | undefined;
  /** An evaluation of the model. With the verdict `worse`, or none, `force` is needed. */
  readonly report?: EvaluationReport | undefined;
  /** Start without such an evaluation, for this reason. */
  readonly force?: string | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** What a canary uses. */
export interface CanaryParts extends WatchedExperiments {
  readonly settings: TuningSettings;
  readonly llm: TuningClient;
}

const CONTROL = "control";
const GUARDRAILS: readonly ExperimentGuardrail[] = [
  failureRate({ worseBy: 0.02 }),
  fallbackRate({ worseBy: 0.05 }),
  p95LatencyMs({ times: 1.5 }),
];

/** The id of the canary of a tuned model. */
const experimentOf = (name: string): string => `canary-${name}`;

/** Warms a model up and gives it a small share of the calls. Rejects with `not_servable`, `not_better` and as the settings. */
export async function startCanary(
  parts: CanaryParts,
  candidate: CandidateModel,
  options: CanaryOptions,
): Promise<Canary> {
  const { settings, experiments, llm, clock } = parts;
  const { actor = ACTOR, abortSignal, report, force } = options;
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
  return watchCanary({ experiments, clock }, id, options);
}

/** The canary of a model that runs, such as one that another process has started; `null`: it does not run. */
export async function findCanary(
  parts: WatchedExperiments & Pick<CanaryParts, "settings">,
  { name, model }: Pick<CandidateModel, "name" | "model">,
  options: CanaryWatching = {},
): Promise<Canary | null> {
  const { value } = await parts.settings.get({ fresh: true });
  const id = experimentOf(name);
  const running = value.experiments?.[id];
  const isSame = running?.state === "running" && running.arms.some((arm) => arm.id === TUNED && arm.model === model);
  return isSame ? watchCanary(parts, id, options) : null;
}

function toExperiment({ provider, model }: CandidateModel, options: CanaryOptions): ExperimentSettings {
  const { weight = 0.05, unit = "agent", agents, purposes, tenants, plannedUnits } = options;
  if (!(weight >= 0.0001 && weight <= 0.5)) throw invalidInput("weight", "a share from 0.0001 to 0.5");
  if (!(Number.isSafeInteger(plannedUnits) && plannedUnits >= 1))
    throw invalidInput("plannedUnits", "a whole number, 1 or more");
  if (/:latest$/.test(model))
    throw invalidInput("model", "a version or a step of a model, and not an alias that moves");
  const share = Math.round(weight * 10_000);
  const audience = {
    ...(agents === undefined ? {} : { agents }),
    ...(purposes === undefined ? {} : { purposes }),
    ...(tenants === undefined ? {} : { tenants }),
  };
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
