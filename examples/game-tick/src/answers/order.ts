import { z } from "zod";

/** What somebody wants done at the Wager Hall. */
export interface Order {
  readonly action: "buy" | "sell" | "hold";
  /** Id of the question; of the one that is watched, for a hold. */
  readonly question: string;
  readonly side: "yes" | "no";
  /** 0 for a hold. */
  readonly shares: number;
}

/** An order together with why it is given. */
export interface ReasonedOrder extends Order {
  readonly reason: string;
}

/** The fields of an order about one of these questions. */
const fieldsOf = (questions: readonly string[]) => ({
  action: z.enum(["buy", "sell", "hold"]),
  question: z.enum(questions),
  side: z.enum(["yes", "no"]),
  shares: z.int().min(0).max(5_000),
  reason: z.string().min(1),
});

/** The shape of one order about one of these questions. */
export function orderSchema(questions: readonly string[]): z.ZodType<ReasonedOrder> {
  return z.object(fieldsOf(questions));
}

/** What one character of a batch does. */
export interface Decision extends ReasonedOrder {
  readonly characterId: string;
}

/** The shape of one decision of a batch; that everybody is there once is checked by the batch. */
export function decisionSchema(questions: readonly string[]): z.ZodType<Decision> {
  return z.object({ characterId: z.string(), ...fieldsOf(questions) });
}
