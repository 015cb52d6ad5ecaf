import { createLLMClient } from "@babylon/llm-core";
import type { SettingsStore, UpdateResult } from "@babylon/settings-store";
import type { CommandContext } from "../command-context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";

/** Prints the stored version and the resulting chain. */
export async function reportUpdate(
  { committed, changed, snapshot }: UpdateResult,
  store: SettingsStore,
  location: string,
  { providers, environment, json, print }: CommandContext,
): Promise<ExitCode> {
  const { version, value } = snapshot;
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  const { links, warnings } = await llm.plan();
  if (json) {
    print.json({ ok: true, committed, version, changed, location, value, warnings });
    return EXIT.ok;
  }
  const { bold } = print.styles;
  print.lines(
    committed
      ? `${bold(`Version ${version}`)}: ${changed.join(", ")} changed in ${location}`
      : `${bold(`Version ${version}`)} unchanged: nothing to change in ${location}`,
  );
  const chain = links.map(({ provider, model }) => `${provider} (${model})`).join(" -> ");
  print.note(print.noteStyles.dim(`Chain with the keys of this machine: ${chain === "" ? "empty" : chain}`));
  print.note(...warnings.map((text) => `${print.noteStyles.warning("Warning")}: ${text}`));
  return EXIT.ok;
}
