import { createLLMClient, type Plan, type Provider } from "@babylon/llm-core";
import { describeStatus, type StatusText } from "@babylon/llm-core/status";
import type { StoreSnapshot } from "@babylon/settings-store";
import { textFlag } from "../arguments/read-flag.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "../settings/open-cli-store.ts";

/** One key, present or not; never its value. */
interface KeyState {
  readonly provider: string;
  readonly variable: string;
  readonly present: boolean;
  readonly from: "environment" | ".env" | null;
  readonly keyURL: string | null;
}

/** Prints the current chain, the keys, the status line and the location of the settings. */
export const statusCommand: Command = async (context) => {
  const { environment, providers, flags, json, print } = context;
  const { store, location } = await openCliStore(context, "read");
  try {
    const llm = createLLMClient({ providers, settings: store, env: environment.env });
    const plan = await llm.plan({ agent: textFlag(flags, "agent") });
    const snapshot = await store.get();
    const status = describeStatus({
      status: llm.status(),
      links: plan.links,
      providers: plan.providers,
      nameOf: (id) => nameOf(providers, id),
      formatTime: (epochMs) => new Date(epochMs).toISOString(),
    });
    const keys = providers.flatMap((provider) => keyOf(provider, context));
    if (json) print.json(toJSON(plan, status, snapshot, keys, location, context));
    else print.lines(...toLines(plan, status, snapshot, keys, location, context));
    return plan.links.length > 0 ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
};

const nameOf = (providers: readonly Provider[], id: string): string =>
  providers.find((provider) => provider.id === id)?.name ?? id;

function keyOf({ id, envKey, keyURL }: Provider, { environment }: CommandContext): KeyState[] {
  if (envKey === null) return [];
  const from = environment.sourceOf(envKey);
  return [{ provider: id, variable: envKey, present: from !== null, from, keyURL: keyURL ?? null }];
}

function toJSON(
  { links, skipped, warnings }: Plan,
  status: StatusText,
  { version, updatedAt, updatedBy }: StoreSnapshot,
  keys: readonly KeyState[],
  location: string,
  { environment }: CommandContext,
): object {
  const settings = { location, version, updatedAt, updatedBy };
  return { ok: links.length > 0, status, links, skipped, warnings, keys, settings, envFile: environment.envFile };
}

function toLines(
  { links, skipped, warnings }: Plan,
  status: StatusText,
  { version, updatedAt, updatedBy }: StoreSnapshot,
  keys: readonly KeyState[],
  location: string,
  { providers, print: { styles }, environment }: CommandContext,
): string[] {
  const { bold, dim, good, bad, warning } = styles;
  const chain = links.map(({ provider, model, reason }, index) => [
    `  ${index + 1}`,
    good(provider),
    nameOf(providers, provider),
    model,
    dim(reason),
  ]);
  const skippedRows = skipped.map(({ provider, reason }) => [
    `  -`,
    bad(provider),
    nameOf(providers, provider),
    reason,
  ]);
  const keyRows = keys.map(({ variable, present, from, keyURL }) => [
    `  ${variable}`,
    present ? good(`set${from === ".env" ? " in .env" : ""}`) : `missing${keyURL === null ? "" : `: ${keyURL}`}`,
  ]);
  const colour = { good, warn: warning, bad }[status.tone];
  const by = updatedBy === null ? "" : ` by ${updatedBy}`;
  const state = version === 0 || version === null ? "nothing stored" : `version ${version}, ${updatedAt}${by}`;
  return [
    bold("Chain"),
    ...(chain.length === 0 ? [`  ${bad("none")}: every call fails with no_provider`] : formatTable(chain)),
    ...(skippedRows.length === 0 ? [] : ["", bold("Skipped"), ...formatTable(skippedRows)]),
    "",
    bold("Keys") + dim(environment.envFile === null ? "" : ` (environment, then ${environment.envFile})`),
    ...formatTable(keyRows),
    "",
    `${bold("Status")}    ${colour(`${status.headline}.`)} ${status.details.join(" ")}`,
    `${bold("Settings")}  ${location}, ${state}`,
    ...warnings.map((text) => `${warning("Warning")}  ${text}`),
  ];
}
