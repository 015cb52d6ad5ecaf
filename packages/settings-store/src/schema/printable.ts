import { NO_INVISIBLE_CHARACTERS } from "@babylon/llm-core";

/** Matches an id without invisible characters. */
export const PRINTABLE: RegExp = NO_INVISIBLE_CHARACTERS;
