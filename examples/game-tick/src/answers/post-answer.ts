import { z } from "zod";

/** A post as the model returns it. */
export interface PostAnswer {
  readonly text: string;
  /** Id of the question that it is about. */
  readonly question: string;
  readonly mood: "confident" | "worried" | "amused" | "furious";
}

/** The schema of a post about one of these questions. */
export function postAnswerSchema(questions: readonly string[]): z.ZodType<PostAnswer> {
  return z.object({
    text: z.string().min(1),
    question: z.enum(questions),
    mood: z.enum(["confident", "worried", "amused", "furious"]),
  });
}
