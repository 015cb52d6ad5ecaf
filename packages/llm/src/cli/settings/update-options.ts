import { readEnv } from "@babylon/llm-core";
import type { UpdateOptions } from "@babylon/settings-store";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import type { CommandContext } from "../command-context.ts";

/**
 * Actor, reason and expected version of a change. Without `--actor`, the actor is the current user, from the environment.
 *
 * @throws UsageError
 */
export function updateOptions({ flags, environment }: Pick<CommandContext, "flags" | "environment">): UpdateOptions {
  const { env } = environment;
  const user = readEnv(env, "USER") ?? readEnv(env, "USERNAME") ?? readEnv(env, "LOGNAME");
  const reason = textFlag(flags, "reason");
  return {
    actor: textFlag(flags, "actor") ?? user ?? "babylon-llm",
    // Omitted rather than undefined: a rollback has a default reason.
    ...(reason === undefined ? {} : { reason }),
    expectedVersion: wholeFlag(flags, "expected-version", 0),
  };
}
