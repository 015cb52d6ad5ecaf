import { z } from "zod";

/** An order at the Wager Hall, where the characters bet. */
export interface Order {
  readonly action: "buy" | "sell" | "hold";
  /** Id of the question; for a hold, the one that the character watches. */
  readonly question: string;
  readonly side: "yes" | "no";
  /** 0 for a hold. */
  readonly shares: number;
}

/** An order with its reason. */
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

/** The schema of one order about one of these questions. */
export function orderSchema(questions: readonly string[]): z.ZodType<ReasonedOrder> {
  return z.object(fieldsOf(questions));
}

/** The order of one character of a batch. */
export interface Decision extends ReasonedOrder {
  readonly characterId: string;
}

/** The schema of one decision of a batch. `generateArray` checks that each character has one decision. */
export function decisionSchema(questions: readonly string[]): z.ZodType<Decision> {
  return z.object({ characterId: z.string(), ...fieldsOf(questions) });
}
