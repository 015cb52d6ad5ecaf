/** An order as an agent's slip gives it. */
export type Trade =
  | { readonly action: "hold" }
  | {
      readonly action: "buy" | "sell";
      readonly shares: number;
      readonly side: "yes" | "no";
      /** Id of the question. */
      readonly question: string;
    };

const ORDER = /\b(buy|sell)\s+(\d{1,7})\s+(?:shares?\s+(?:of\s+)?)?(yes|no)\s+(?:on\s+)?\[?([a-z0-9-]+)\]?/i;

/**
 * Reads the order out of an agent's answer; the first one counts. `null`: there is none, or it is about a question that does not exist.
 *
 * @param questions - the ids of the open questions
 */
export function parseTrade(text: string, questions: ReadonlySet<string>): Trade | null {
  const [, action, shares, side, name] = ORDER.exec(text) ?? [];
  if (action === undefined) return /\bhold\b/i.test(text) ? { action: "hold" } : null;
  const question = name?.toLowerCase() ?? "";
  if (!questions.has(question) || Number(shares) === 0) return null;
  return {
    action: action.toLowerCase() === "buy" ? "buy" : "sell",
    shares: Number(shares),
    side: side?.toLowerCase() === "yes" ? "yes" : "no",
    question,
  };
}
