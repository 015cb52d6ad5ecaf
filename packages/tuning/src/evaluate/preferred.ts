import { judge } from "@babylon/experiments";
import type { TuningClient } from "../rollout/warm-up.ts";
import type { ScoredAnswer, Scorer } from "./scorer.ts";

/** Options of {@link preferred}. */
export interface PreferredOptions {
  /** What a good answer is. */
  readonly rubric: string;
  /** The provider of the judge. Best not one of the two models that are compared. Default: the chain. */
  readonly provider?: string | undefined;
  /** The model of the judge, with `provider`. */
  readonly model?: string | undefined;
}

/**
 * A judge that compares the two answers, in both orders: the better one has 1 and the other 0, and what depends on the order is a half each. Pairs that it
 * does not decide are left out. Throws `invalid_input` for options.
 */
export function preferred(llm: TuningClient, options: PreferredOptions): Scorer {
  const { judge: jury } = judge(llm, options);
  return {
    name: "preferred",
    compares: true,
    async score({ question, candidate, baseline }) {
      const [first, second] = [textOf(baseline), textOf(candidate)];
      if (first === second) return { candidate: 0.5, baseline: 0.5 };
      const share = (await jury?.compare({ question, first, second })) ?? null;
      return share === null ? null : { candidate: share, baseline: 1 - share };
    },
  };
}

const textOf = ({ text, toolCalls }: ScoredAnswer): string =>
  toolCalls.length === 0 ? text : `${text}\n${JSON.stringify(toolCalls)}`;
