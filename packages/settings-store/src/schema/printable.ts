import { INVISIBLE_CHARACTERS } from "../errors/escape-invisible.ts";

/** Matches a text without invisible characters. */
export const PRINTABLE: RegExp = new RegExp(`^[^${INVISIBLE_CHARACTERS}]*$`, "u");
