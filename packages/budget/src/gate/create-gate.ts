import type { Attempt, AttemptAsk, AttemptGate, Permit, Pricer, Refusal } from "@babylon/llm-core";
import { chargesOf } from "../ask/charges-of.ts";
import { type AskEstimate, estimateAsk } from "../ask/estimate-ask.ts";
import type { HighestCost } from "../ask/highest-cost.ts";
import type { UnknownRate } from "../ask/price-policy.ts";
import type { TokenRates } from "../ask/token-rates.ts";
import type { Reserver } from "../ledger/reserver.ts";
import type { Reservation, Settler } from "../ledger/settler.ts";
import type { CompiledBudget, MatchedRule } from "../rules/compiled-budget.ts";
import { matchRules } from "../rules/match-rules.ts";
import type { RuleBook } from "../rules/rule-book.ts";
import { unknownPrice } from "./refusal-text.ts";

/** Options of {@link createGate}. */
export interface GateOptions {
  readonly book: RuleBook;
  readonly rates: TokenRates;
  readonly highest: HighestCost;
  readonly pricer: Pricer | undefined;
  readonly unknownRate: UnknownRate | null;
  readonly reserver: Reserver;
  readonly settler: Settler;
  /** Whether a window has too little left, by what is known here. */
  readonly peekWindows: (matched: readonly MatchedRule[], estimate: AskEstimate) => Refusal | undefined;
}

/** Permits attempts that no budget counts. */
const UNCOUNTED: Permit = { settle: () => {} };

/** Creates the gate. */
export function createGate(options: GateOptions): AttemptGate {
  const { book, rates, highest, reserver } = options;

  /** Without any I/O; `null`: the rules that count the attempt have to be asked. */
  function judge(rules: readonly CompiledBudget[], ask: AttemptAsk): Judged {
    const matched = matchRules(rules, ask);
    if (matched.length === 0) return { type: "uncounted" };
    const estimate = estimateAsk(ask, rates, highest);
    const unpriced =
      estimate.amounts.usd === null
        ? matched.find(({ compiled }) => compiled.unit === "usd" && compiled.refuses)
        : undefined;
    if (unpriced !== undefined) return { type: "refused", refusal: unknownPrice(unpriced, ask.provider, ask.model) };
    return { type: "counted", matched, estimate };
  }

  return {
    async admit(ask) {
      const judged = judge(await book.current(), ask);
      if (judged.type === "uncounted") return UNCOUNTED;
      if (judged.type === "refused") return judged.refusal;
      const { matched, estimate } = judged;
      const answer = await reserver.reserve({ matched, estimate, isHedge: ask.kind === "hedge" });
      return "why" in answer ? answer : createPermit(ask, estimate, answer, options);
    },
    peek(ask) {
      const judged = judge(book.latest(), ask);
      if (judged.type === "uncounted") return undefined;
      if (judged.type === "refused") return judged.refusal;
      return options.peekWindows(judged.matched, judged.estimate);
    },
  };
}

type Judged =
  | { readonly type: "uncounted" }
  | { readonly type: "refused"; readonly refusal: Refusal }
  | { readonly type: "counted"; readonly matched: readonly MatchedRule[]; readonly estimate: AskEstimate };

function createPermit(ask: AttemptAsk, estimate: AskEstimate, reservation: Reservation, options: GateOptions): Permit {
  const { provider, model, tenant, requestBytes } = ask;
  const { settler, rates } = options;
  // The ask has the signal of its attempt, which is not kept until the settlement.
  const priced = { provider, model, tenant };
  return {
    settle(attempt: Attempt) {
      settler.settle(reservation, chargesOf(attempt, priced, estimate, options));
      const inputTokens = attempt.usage?.inputTokens ?? null;
      if (inputTokens !== null) rates.learn(provider, model, requestBytes, inputTokens);
    },
  };
}
