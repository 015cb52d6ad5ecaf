import { LLMError } from "../../errors/llm-error.ts";

/** How an attempt ended. `cancelled`: another link answered first. */
export type AttemptResult = "success" | "cancelled" | LLMError;

/** The message of an attempt that another link outran. */
export const LOST = "another link answered first";

/** Why an attempt is cancelled. */
export const lost = (): LLMError => new LLMError({ code: "aborted", message: LOST });
