import { readEnv } from "@babylon/llm-core";
import type { UpdateOptions } from "@babylon/settings-store";
import type { CommandContext } from "./command-context.ts";
import { textFlag, wholeFlag } from "./read-flag.ts";

/**
 * Who changes the settings, why, and on what condition. Without `--actor` it is the user of the machine, as the environment names it.
 *
 * @throws UsageError
 */
export function updateOptions({ flags, environment }: Pick<CommandContext, "flags" | "environment">): UpdateOptions {
  const { env } = environment;
  const user = readEnv(env, "USER") ?? readEnv(env, "USERNAME") ?? readEnv(env, "LOGNAME");
  const reason = textFlag(flags, "reason");
  return {
    actor: textFlag(flags, "actor") ?? user ?? "babylon-llm",
    // Left out rather than undefined: a rollback has a reason of its own.
    ...(reason === undefined ? {} : { reason }),
    expectedVersion: wholeFlag(flags, "expected-version", 0),
  };
}
