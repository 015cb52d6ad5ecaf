import type { Decision, ReasonedOrder } from "../answers/order.ts";
import type { LostCall } from "./tick-event.ts";

/** The provider and model of an answer. */
export interface Source {
  readonly callId: string;
  readonly provider: string;
  readonly model: string;
}

/** The source of an answer, from its result. */
export const sourceOf = ({ callId, provider, model }: Source): Source => ({ callId, provider, model });

/** A post of this tick. */
export interface TickPost {
  /** Id of the character. */
  readonly author: string;
  readonly question: string;
  readonly mood: string;
  readonly text: string;
  readonly source: Source;
}

/** An order, and the number of filled shares. */
export type Filled<T> = T & { readonly filledShares: number };

/** A report of the newspaper. */
export interface TickArticle {
  /** Id of the writer. */
  readonly author: string;
  readonly question: string;
  readonly headline: string;
  readonly body: string;
  readonly source: Source;
}

/** A question that this tick opened. */
export interface TickQuestion {
  readonly question: string;
  readonly criteria: string;
  readonly closes: string;
  readonly yesPrice: number;
  readonly source: Source;
}

/** The turn of one agent. A member whose call failed is `null`. */
export interface AgentTurn {
  /** The id of the agent in settings and records. */
  readonly agent: string;
  /** Id of the character it acts for. */
  readonly character: string;
  readonly plan: string | null;
  readonly trade: Filled<ReasonedOrder> | null;
  /** `to`: id of the post; `null` when there was none to answer. */
  readonly reply: { readonly to: string | null; readonly text: string } | null;
  readonly sources: readonly Source[];
}

/** The products and the failed calls of a tick. */
export interface TickResult {
  readonly id: string;
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly budgetMs: number;
  /** The W&B model that the settings named at the start; `null`: none, so the provider's own. */
  readonly wandbModel: string | null;
  readonly posts: readonly TickPost[];
  readonly decisions: readonly Filled<Decision>[];
  /** The source of the decisions, or of the first of them; `null` if the batch failed. */
  readonly decisionSource: Source | null;
  /** Ids of characters for whom the batch gave no valid decision. They hold. */
  readonly undecided: readonly string[];
  readonly articles: readonly TickArticle[];
  readonly questions: readonly TickQuestion[];
  readonly agents: readonly AgentTurn[];
  /** The number of calls. */
  readonly calls: number;
  /** The failed calls. */
  readonly lost: readonly LostCall[];
}
