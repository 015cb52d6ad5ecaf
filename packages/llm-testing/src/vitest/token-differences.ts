import type { Attempt } from "@babylon/llm-core";
import type { AnswerUsage } from "../simulator/answer/simulated-request.ts";
import type { RecordedRequest } from "../simulator/server/request-log.ts";

/** What an attempt must have reported of a request's usage. */
type Fact = readonly [what: string, reported: number | null, stated: number];

const factsOf = (usage: NonNullable<Attempt["usage"]>, stated: AnswerUsage): readonly Fact[] => [
  ["input", usage.inputTokens, stated.inputTokens],
  ["output", usage.outputTokens, stated.outputTokens],
  ["cached", usage.cachedInputTokens, stated.cachedTokens],
  ["cache write", usage.cacheWriteInputTokens, stated.cacheWriteTokens],
  ["reasoning", usage.reasoningTokens, stated.reasoningTokens],
];

/** A number that grows while an answer arrives: one that broke off may have stated less of it. */
const GROWING: ReadonlySet<string> = new Set(["output", "reasoning"]);

/**
 * Compares the tokens that an attempt reported with those that the simulator's reply stated. A vendor may not state a number at all; but a
 * number that is reported is the stated one, and after a whole answer neither input nor output is missing.
 */
export function tokenDifferences(attempt: Attempt, request: RecordedRequest): readonly string[] {
  const { usage, outcome } = attempt;
  const stated = request.usage;
  if (stated === null) return usage === undefined ? [] : ["tokens that no reply stated"];
  const isWhole = outcome === "success" && request.outcome === "answered";
  if (usage === undefined) return isWhole ? ["no tokens of a whole answer"] : [];
  return factsOf(usage, stated).flatMap(([what, reported, is]) => {
    const mayBeAbsent = !isWhole || (what !== "input" && what !== "output");
    const isRight =
      reported === null ? mayBeAbsent : reported === is || (!isWhole && GROWING.has(what) && reported <= is);
    return isRight ? [] : [`${reported} ${what} tokens instead of ${is}`];
  });
}
