import { z } from "zod";

/** A new question as the model returns it. */
export interface QuestionAnswer {
  /** The question itself, ending in a question mark. */
  readonly question: string;
  readonly criteria: string;
  /** The day on which it is decided. */
  readonly closes: string;
  /** Opening odds, between 0 and 1. */
  readonly yesPrice: number;
}

/** The schema of a new question in a world with these days. */
export function questionAnswerSchema(week: readonly string[]): z.ZodType<QuestionAnswer> {
  return z.object({
    question: z.string().min(1),
    criteria: z.string().min(1),
    closes: z.enum(week),
    yesPrice: z.number().min(0.01).max(0.99),
  });
}
