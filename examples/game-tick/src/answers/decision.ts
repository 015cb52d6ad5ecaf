import { z } from "zod";

/** What one character does on the floor in this tick. */
export interface Decision {
  /** Id of the character. */
  readonly character: string;
  readonly action: "buy" | "sell" | "hold";
  /** Id of the question; of the one it watches, when it holds. */
  readonly question: string;
  readonly side: "yes" | "no";
  readonly shares: number;
  readonly reason: string;
}

/** The shape of one decision about these questions. Who has to decide is the batch's business. */
export function decisionSchema(questions: readonly string[]): z.ZodType<Decision> {
  return z.object({
    character: z.string(),
    action: z.enum(["buy", "sell", "hold"]),
    question: z.enum(questions),
    side: z.enum(["yes", "no"]),
    shares: z.int().min(0).max(100_000),
    reason: z.string().min(1),
  });
}
