import type { BudgetWindow } from "@babylon/llm";
import type { CallRecord } from "@babylon/llm-core";
import type { TickResult } from "../tick/tick-result.ts";
import { countAll, countByProvider, type ProviderStats } from "./provider-stats.ts";

/** The output of `--json`. */
export interface JsonReport {
  /** Whether every call was served and every character decided: exit code 0. */
  readonly ok: boolean;
  readonly backend: "simulator" | "keys";
  readonly tick: {
    readonly id: string;
    readonly seed: number;
    readonly durationMs: number;
    readonly budgetMs: number;
    readonly wandbModel: string | null;
    readonly posts: number;
    readonly decisions: number;
    readonly articles: number;
    readonly questions: number;
    readonly agents: number;
  };
  readonly calls: { readonly made: number; readonly served: number; readonly lost: number };
  readonly providers: Readonly<Record<string, ProviderStats>>;
  readonly all: ProviderStats;
  readonly lost: TickResult["lost"];
  readonly undecided: readonly string[];
  /** What the calls have cost and may cost, in billionths of a US dollar; `null` without `--budget-usd`. */
  readonly budget: Pick<BudgetWindow, "limit" | "spent" | "presumed"> | null;
  /** The path of the output file, relative to the current directory. */
  readonly output: string;
}

/** What a report is made of, besides the result. */
export interface JsonReportInput {
  readonly records: readonly CallRecord[];
  /** Ids, in the order of the report. */
  readonly providers: readonly string[];
  readonly backend: JsonReport["backend"];
  readonly output: string;
  readonly budget: JsonReport["budget"];
}

/** Whether every call of a tick was served and every character decided. */
export const isWhole = (result: TickResult): boolean => result.lost.length === 0 && result.undecided.length === 0;

/** Summarizes a tick as JSON. */
export function jsonReport(
  result: TickResult,
  { records, providers, backend, output, budget }: JsonReportInput,
): JsonReport {
  const { id, seed, durationMs, budgetMs, wandbModel, posts, decisions, articles, questions, agents, calls, lost } =
    result;
  return {
    ok: isWhole(result),
    backend,
    tick: {
      id,
      seed,
      durationMs: Math.round(durationMs),
      budgetMs,
      wandbModel,
      posts: posts.length,
      decisions: decisions.length,
      articles: articles.length,
      questions: questions.length,
      agents: agents.length,
    },
    calls: { made: calls, served: calls - lost.length, lost: lost.length },
    providers: Object.fromEntries(countByProvider(records, providers)),
    all: countAll(records),
    lost,
    undecided: result.undecided,
    budget: budget === null ? null : { limit: budget.limit, spent: budget.spent, presumed: budget.presumed },
    output,
  };
}
