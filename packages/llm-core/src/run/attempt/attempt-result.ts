import { LLMError } from "../../errors/llm-error.ts";

/** How an attempt ended. `cancelled`: another link answered first. */
export type AttemptResult = "success" | "cancelled" | LLMError;

/** The error message of an attempt that lost the race against another link. */
export const LOST_RACE_MESSAGE = "another link answered first";

/** The reason with which the losing attempt is aborted. */
export const lostRaceError = (): LLMError => new LLMError({ code: "aborted", message: LOST_RACE_MESSAGE });
