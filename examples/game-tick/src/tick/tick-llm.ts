import type { GenerateTextOptions, TextResult } from "@babylon/llm-core";
import type { z } from "zod";

/** What a tick needs of a client. */
export interface TickLLM {
  generateText(options: GenerateTextOptions): Promise<TextResult>;
  generateObject<T>(options: GenerateTextOptions & { schema: z.ZodType<T> }): Promise<TextResult & { object: T }>;
  generateArray<T>(
    options: GenerateTextOptions & {
      element: z.ZodType<T>;
      expected: { ids: readonly string[]; idOf: (item: T) => string };
    },
  ): Promise<TextResult & { items: readonly T[]; missing: readonly string[] }>;
}
