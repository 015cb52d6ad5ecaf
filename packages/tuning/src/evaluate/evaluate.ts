import { type Clock, invalidInput, isLLMError, type TextResult } from "@babylon/llm-core";
import type { ChatExample, ChatMessage } from "../dataset/chat-example.ts";
import type { DatasetPart } from "../dataset/dataset.ts";
import { toPrompt } from "../dataset/to-prompt.ts";
import type { ModelLink, TuningClient } from "../rollout/warm-up.ts";
import { warmUp } from "../rollout/warm-up.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import type { ExampleKeeper } from "./example-keeper.ts";
import { pairedFigure, type ValuePair } from "./paired-figure.ts";
import type { ScoredAnswer, Scorer } from "./scorer.ts";
import { judgeScores } from "./verdict.ts";

/** Input of `evaluate`. */
export interface EvaluateRequest {
  readonly candidate: ModelLink;
  /** What it is compared with. `current`: the chain as it is, with its settings. Default `current`. */
  readonly baseline?: ModelLink | "current" | undefined;
  /** Examples that were held out. */
  readonly test: Pick<DatasetPart, "examples">;
  /** The first one decides. */
  readonly scorers: readonly Scorer[];
  /** Default: all. */
  readonly maxExamples?: number | undefined;
  /** Examples that the journal keeps with both answers, without secrets and personal data. Default 24; 0: no content is stored. */
  readonly keepExamples?: number | undefined;
  /** Examples at a time. Default 4. */
  readonly concurrency?: number | undefined;
  /** The limit for each answer, milliseconds. Default 120 s. */
  readonly timeoutMs?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** One example with both answers. */
interface Pair {
  readonly scores: Readonly<Record<string, ValuePair>>;
  readonly failed: readonly [candidate: boolean, baseline: boolean];
  readonly latencyMs: ValuePair;
  readonly costUsd: ValuePair;
}

/** The purpose of its calls, for the records. */
const PURPOSE = "tuning-evaluation";

/**
 * Asks both models the same held-out examples and scores their answers. Warms the candidate up before. Rejects with `invalid_input`, and with
 * `not_servable` if the candidate does not answer at all.
 */
export async function evaluate(
  llm: TuningClient,
  clock: Clock,
  request: EvaluateRequest,
  keeper?: ExampleKeeper,
): Promise<EvaluationReport> {
  const { candidate, baseline = "current", test, scorers, maxExamples, concurrency = 4, abortSignal } = request;
  checkRequest(request);
  await warmUp(llm, candidate, { abortSignal });
  const pairs: Pair[] = [];
  const running = new Set<Promise<void>>();
  let count = 0;
  for await (const example of test.examples()) {
    if (maxExamples !== undefined && count >= maxExamples) break;
    const index = count++;
    const work = toPair(llm, example, request, baseline).then(({ pair, own, other }) => {
      pairs[index] = pair;
      keeper?.add({ index, example, candidate: own, baseline: other, scores: pair.scores });
    });
    running.add(work);
    // A failure is seen by the race below, or by the wait at the end.
    work.then(() => running.delete(work)).catch(() => {});
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  const figures = scorers.map(({ name }) => [
    name,
    pairedFigure(
      pairs.map(({ scores }) => scores[name] ?? [null, null]),
      "score",
    ),
  ]);
  const scores: EvaluationReport["scores"] = Object.fromEntries(figures);
  return {
    atEpochMs: clock.now(),
    candidate,
    baseline,
    pairs: pairs.length,
    scores,
    failures: {
      candidate: pairs.filter(({ failed }) => failed[0]).length,
      baseline: pairs.filter(({ failed }) => failed[1]).length,
    },
    latencyMs: pairedFigure(
      pairs.map(({ latencyMs }) => latencyMs),
      "amount",
    ),
    costUsd: pairedFigure(
      pairs.map(({ costUsd }) => costUsd),
      "amount",
    ),
    ...judgeScores(scores),
  };
}

function checkRequest({ candidate, scorers, concurrency, maxExamples, keepExamples = 0 }: EvaluateRequest): void {
  if (candidate.provider === "" || candidate.model === "") throw invalidInput("candidate", "a provider and a model");
  const names = scorers.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw invalidInput("scorers", "at least one scorer, and each name once");
  }
  if (!(Number.isSafeInteger(keepExamples) && keepExamples >= 0)) throw invalidInput("keepExamples", "a whole number");
  for (const [name, value] of Object.entries({ concurrency, maxExamples })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw invalidInput(name, "a whole number, 1 or more");
  }
}

async function toPair(
  llm: TuningClient,
  example: ChatExample,
  request: EvaluateRequest,
  baseline: ModelLink | "current",
): Promise<{ readonly pair: Pair; readonly own: TextResult | null; readonly other: TextResult | null }> {
  const expected = example.messages.at(-1);
  if (expected === undefined) throw invalidInput("test", "examples with messages");
  const [own, other] = await Promise.all([
    ask(llm, example, request.candidate, request),
    ask(llm, example, baseline === "current" ? null : baseline, request),
  ]);
  const scores: Record<string, ValuePair> = {};
  for (const scorer of request.scorers) scores[scorer.name] = await scorePair(scorer, example, expected, own, other);
  const pair: Pair = {
    scores,
    failed: [own === null, other === null],
    latencyMs: [own?.durationMs ?? null, other?.durationMs ?? null],
    costUsd: [usdOf(own), usdOf(other)],
  };
  return { pair, own, other };
}

async function scorePair(
  scorer: Scorer,
  example: ChatExample,
  expected: ChatMessage,
  own: TextResult | null,
  other: TextResult | null,
): Promise<ValuePair> {
  if (own === null && other === null) return [0, 0];
  const [candidate, baseline] = [toAnswer(own), toAnswer(other)];
  const question = example.messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (scorer.compares === true && (own === null || other === null)) return own === null ? [0, 1] : [1, 0];
  const scored = await scorer.score({ example, expected, question, candidate, baseline });
  if (scored === null) return [null, null];
  return [own === null ? 0 : scored.candidate, other === null ? 0 : scored.baseline];
}

const toAnswer = (result: TextResult | null): ScoredAnswer => ({
  text: result?.text ?? "",
  toolCalls: result?.toolCalls.map(({ name, input }) => ({ name, input })) ?? [],
});

function usdOf(result: TextResult | null): number | null {
  const nanoUsd = result?.cost?.nanoUsd ?? null;
  return nanoUsd === null ? null : nanoUsd / 1e9;
}

/** The answer of a link, or of the chain; `null`: the call failed. */
async function ask(
  llm: TuningClient,
  example: ChatExample,
  link: ModelLink | null,
  { timeoutMs = 120_000, abortSignal }: EvaluateRequest,
): Promise<TextResult | null> {
  try {
    return await llm.generateText({
      ...toPrompt(example),
      purpose: PURPOSE,
      temperature: 0,
      timeouts: { totalMs: timeoutMs },
      abortSignal,
      ...(link === null ? {} : { provider: link.provider, models: { [link.provider]: link.model } }),
    });
  } catch (thrown) {
    abortSignal?.throwIfAborted();
    if (isLLMError(thrown) && thrown.code !== "invalid_input") return null;
    throw thrown;
  }
}
