import { invalidInput, type LLMClient } from "@babylon/llm-core";
import { JUDGE_PURPOSE } from "../assign/own-calls.ts";
import { DEFAULT_WINDOW_MS, type MetricDefinition } from "../metrics/metric.ts";
import { comparisonPrompt, readVerdict, scorePrompt } from "./judge-prompts.ts";

/** Options of {@link judge}. */
export interface JudgeOptions {
  /** What a good answer is. */
  readonly rubric: string;
  /** The provider of the judge. Default: the chain. */
  readonly provider?: string | undefined;
  /** The model of the judge, with `provider`. */
  readonly model?: string | undefined;
  /** The share of calls whose answers are judged, from 0 to 1. Default 1; the budget of `judging` applies as well. */
  readonly share?: number | undefined;
  /** Output tokens of the answer to each question, so that it costs at most what is reserved for it. Default 4,096. */
  readonly maxOutputTokens?: number | undefined;
  /** The limit for each question to the judge, milliseconds. Default 60 s. */
  readonly timeoutMs?: number | undefined;
}

/** The part of a client that a judge uses. */
export type JudgeClient = Pick<LLMClient, "generateText">;

/**
 * A metric of which a model gives the values. The judge sees question and answer alone, and is asked twice, with the options in both orders:
 * what depends on the order counts as a half. Its calls are in no experiment.
 *
 * Throws `invalid_input` for wrong options.
 *
 * @param llm - a client, or a function that returns it when the judge is first asked; best with another model than the arms have
 */
export function judge(llm: JudgeClient | (() => JudgeClient), options: JudgeOptions | string): MetricDefinition {
  const {
    rubric,
    provider,
    model,
    share = 1,
    maxOutputTokens = 4_096,
    timeoutMs = 60_000,
  } = typeof options === "string" ? { rubric: options } : options;
  if (typeof rubric !== "string" || rubric.trim() === "") throw invalidInput("rubric", "a text that is not empty");
  if (!(share >= 0 && share <= 1)) throw invalidInput("share", "a number from 0 to 1");
  if (!(Number.isSafeInteger(maxOutputTokens) && maxOutputTokens >= 1))
    throw invalidInput("maxOutputTokens", "a whole number, 1 or more");
  if (model !== undefined && provider === undefined)
    throw invalidInput("provider", "the provider of the judge's model");

  /** The option that was chosen, 1 or 2; 0: neither. `null`: no answer, or none that can be read. */
  async function ask(prompt: string): Promise<0 | 1 | 2 | null> {
    try {
      const { text } = await (typeof llm === "function" ? llm() : llm).generateText({
        prompt,
        purpose: JUDGE_PURPOSE,
        temperature: 0,
        maxOutputTokens,
        timeouts: { totalMs: timeoutMs },
        ...(provider === undefined ? {} : { provider }),
        ...(provider === undefined || model === undefined ? {} : { models: { [provider]: model } }),
      });
      return readVerdict(text);
    } catch {
      return null;
    }
  }

  /** Asks in both orders. 1: the option that was first in the first question and second in the other. */
  async function inBothOrders(promptOf: (isSwapped: boolean) => string): Promise<number | null> {
    const [plain, swapped] = await Promise.all([ask(promptOf(false)), ask(promptOf(true))]);
    if (plain === null || swapped === null) return null;
    const first = plain === 0 ? 0.5 : plain === 1 ? 1 : 0;
    const second = swapped === 0 ? 0.5 : swapped === 2 ? 1 : 0;
    return (first + second) / 2;
  }

  return {
    kind: "ratio",
    windowMs: DEFAULT_WINDOW_MS,
    judge: {
      share,
      score: ({ question, answer }) => inBothOrders((isSwapped) => scorePrompt(rubric, question, answer, isSwapped)),
      compare: ({ question, first, second }) =>
        inBothOrders((isSwapped) => comparisonPrompt(rubric, question, isSwapped ? [first, second] : [second, first])),
    },
  };
}
