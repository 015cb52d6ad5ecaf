import {
  type CallObserver,
  type CallRecord,
  type Clock,
  type ExperimentSettings,
  type Exposure,
  isRollout,
  type Logger,
} from "@babylon/llm-core";
import { hashUnit } from "../assign/hash-unit.ts";
import { isOwnCall } from "../assign/own-calls.ts";
import type { TenantHasher } from "../assign/tenant-hasher.ts";
import type { JudgeClient } from "../judge/judge.ts";
import type { Judge } from "../judge/judge-contract.ts";
import type { MetricDefinition } from "../metrics/metric.ts";
import type { RowWriter } from "../rows/row-writer.ts";
import { type ExperimentsSettings, knownExperiments } from "../settings/experiments-settings.ts";
import { createJudgingBudget, type JudgingLedger, type JudgingLimits } from "./judging-limits.ts";
import { questionText } from "./question-text.ts";
import { createShadowCalls, type ShadowOf } from "./shadow-calls.ts";
import { type AnsweredCall, watchAnswer } from "./watch-answer.ts";

/** What happens with answers after their calls have ended: copies for shadow arms, and judges. */
export interface AnswerTasks {
  readonly observer: CallObserver;
  attach(llm: JudgeClient, ledger: JudgingLedger | undefined): void;
  readonly maxUsdPerDay: number;
  /** Receives all records: those of shadows become rows, and the costs are counted. */
  recorded(record: CallRecord): void;
  /** Resolves when the tasks so far have ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What the tasks use. */
export interface AnswerTasksOptions {
  readonly limits: JudgingLimits | undefined;
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  readonly settings: ExperimentsSettings | undefined;
  readonly writer: Pick<RowWriter, "expose" | "observe">;
  readonly tenantHashOf: TenantHasher;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface NamedJudge {
  readonly metric: string;
  readonly judge: Judge;
}

/** A judge asks in both orders. */
const CALLS_OF_JUDGE = 2;

/** Creates the tasks. They run beside the calls, within their limits; one that does not fit is left out. */
export function createAnswerTasks(options: AnswerTasksOptions): AnswerTasks {
  const { limits = {}, metrics, settings, writer, tenantHashOf, clock, logger } = options;
  const budget = createJudgingBudget(limits, clock, logger);
  const shadows = createShadowCalls(writer, { tenantHashOf, outputLimit: budget.outputLimit });
  const running = new Set<Promise<void>>();
  const judges = Object.entries(metrics).flatMap(([metric, { judge }]): NamedJudge[] =>
    judge === null ? [] : [{ metric, judge }],
  );
  let llm: JudgeClient | null = null;
  let isClosed = false;

  function experimentsNow(): Readonly<Record<string, ExperimentSettings>> {
    const snapshot = settings?.peek?.();
    return snapshot === undefined ? {} : knownExperiments(snapshot.value);
  }

  let checked: { readonly settings: unknown; readonly hasTasks: boolean } | null = null;

  /** Whether the answers of any experiment are needed. Computed once for each version of the settings. */
  function hasTasks(): boolean {
    const current = settings?.peek?.()?.value;
    if (current === undefined) return false;
    if (checked?.settings !== current) {
      const isNeeded = Object.values(knownExperiments(current)).some(
        (experiment) =>
          experiment.state === "running" &&
          !isRollout(experiment) &&
          (shadowArms(experiment).length > 0 || judgesOf(experiment).length > 0),
      );
      checked = { settings: current, hasTasks: isNeeded };
    }
    return checked.hasTasks;
  }

  /** The judges that give values for an experiment's own metrics. */
  function judgesOf({ metric, guardrails = [] }: ExperimentSettings): readonly NamedJudge[] {
    const names = [metric, ...guardrails.map((guardrail) => guardrail.metric)];
    return judges.filter((judge) => names.includes(judge.metric));
  }

  function start(calls: number, task: () => Promise<void>): void {
    if (isClosed || running.size >= budget.maxConcurrent || !budget.mayTake(calls)) return;
    const ended = budget
      .take(calls)
      .then((isTaken) => (isTaken ? task() : undefined))
      .catch(() => logger.warn("a shadow call or a judge of an experiment failed"))
      .finally(() => running.delete(ended));
    running.add(ended);
  }

  function onAnswer(answered: AnsweredCall): void {
    const experiments = experimentsNow();
    for (const exposure of answered.record.experiments ?? []) {
      const experiment = Object.hasOwn(experiments, exposure.experiment) ? experiments[exposure.experiment] : undefined;
      if (experiment === undefined || exposure.excluded !== undefined || exposure.isRollout === true) continue;
      const seed = experiment.seed ?? exposure.experiment;
      for (const named of judgesOf(experiment)) {
        const isDrawn = hashUnit(`${seed}/judge:${named.metric}`, answered.record.callId) < named.judge.share;
        if (isDrawn) start(CALLS_OF_JUDGE, () => score(named, answered));
      }
      for (const arm of shadowArms(experiment)) {
        const isDrawn = hashUnit(`${seed}/shadow:${arm.id}`, answered.record.callId) < arm.weight / 10_000;
        if (isDrawn) start(1 + CALLS_OF_JUDGE * judges.length, () => copy(answered, { exposure, arm }));
      }
    }
  }

  async function score({ metric, judge }: NamedJudge, { record, request, text }: AnsweredCall): Promise<void> {
    const value = await judge.score({ question: questionText(request.messages), answer: text });
    if (value !== null) writer.observe({ of: { callId: record.callId }, metric, value, at: clock.now() });
  }

  async function copy(
    answered: AnsweredCall,
    of: Pick<ShadowOf, "arm"> & { readonly exposure: Exposure },
  ): Promise<void> {
    if (llm === null) return;
    const { callId, text } = await shadows.send(llm, answered, of);
    if (text === null) return;
    const question = questionText(answered.request.messages);
    for (const { metric, judge } of judges) {
      const value = await judge.compare({ question, first: answered.text, second: text });
      if (value !== null) writer.observe({ of: { callId }, metric, value, at: clock.now() });
    }
  }

  return {
    observer: {
      begin: ({ purpose, joins }) =>
        joins !== null || isOwnCall(purpose) || !hasTasks() ? undefined : watchAnswer(onAnswer),
    },
    maxUsdPerDay: budget.maxUsdPerDay,
    attach(client, ledger) {
      llm = client;
      if (ledger !== undefined) budget.share(ledger);
    },
    recorded(record) {
      if (!isOwnCall(record.purpose)) return;
      budget.spend(record);
      shadows.recorded(record);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
    async close() {
      isClosed = true;
      await Promise.all(running);
    },
  };
}

const shadowArms = ({ arms }: ExperimentSettings) =>
  arms.filter(({ shadow, paused }) => shadow === true && paused !== true);
