import * as v from "valibot";
import { PRINTABLE } from "./printable.ts";

/** The rule for ids of callers. */
export const PRINTABLE_ONLY: readonly [RegExp, string] = [PRINTABLE, "has no control characters and no invisible ones"];

/** The id of an agent, with a rule for its characters. */
export function createAgentIdSchema([pattern, rule]: readonly [RegExp, string]): v.GenericSchema<string, string> {
  return v.pipe(
    v.string("expected an agent id"),
    v.minLength(1, "an agent id is not empty"),
    v.maxLength(200, "an agent id has at most 200 characters"),
    v.regex(pattern, `an agent id ${rule}`),
  );
}

/** The id of an agent, chosen by the caller: up to 200 printable characters. */
export const agentIdSchema: v.GenericSchema<string, string> = createAgentIdSchema(PRINTABLE_ONLY);
