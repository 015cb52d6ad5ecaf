import { type AgentSettings, isRecord, type SystemSettings, type TunedSettings } from "@babylon/llm-core";
import type { JournalPromotion } from "../contract/journal-promotion.ts";
import { TuningError } from "../contract/tuning-error.ts";
import type { AgentChange, TuningChange } from "./tuning-change.ts";

/** What is promoted. */
export interface Promoted extends Omit<TunedSettings, "previous"> {
  readonly name: string;
}

/** A change and what was in its places before. */
export interface PromotionChange {
  readonly change: TuningChange;
  readonly before: JournalPromotion["before"];
}

const ownOf = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

const textOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The change that makes a model the rule: for all calls of its provider, or for some agents. Pure. */
export function promotionChange(settings: SystemSettings, { name, ...entry }: Promoted): PromotionChange {
  const { provider, model, agents } = entry;
  const { providers } = settings;
  const previous = ownOf(providers, provider)?.model ?? undefined;
  const tuned: TunedSettings = { ...entry, ...(agents === undefined && previous !== undefined ? { previous } : {}) };
  const before: Record<string, string | null> = { [`tuned ${name}`]: textOf(ownOf(settings.tuned, name)) };
  // A second promotion must not keep fields of the first one.
  const change = { tuned: { [name]: replacing(ownOf(settings.tuned, name), tuned) } };
  if (agents === undefined) {
    before[`providers ${provider}`] = textOf(ownOf(providers, provider));
    return { before, change: { ...change, providers: { [provider]: { model } } } };
  }
  for (const agent of agents) before[`agents ${agent}`] = textOf(ownOf(settings.agents, agent));
  return {
    before,
    change: {
      ...change,
      agents: Object.fromEntries(agents.map((agent) => [agent, { provider, model, models: null }])),
    },
  };
}

/** The change that undoes a promotion, and leaves what others have changed since. Pure. Throws `conflict` if its model was replaced. */
export function rollbackChange(settings: SystemSettings, { name, model, before }: JournalPromotion): TuningChange {
  const current = ownOf(settings.tuned, name);
  if (current?.model !== model)
    throw new TuningError("conflict", `the settings do not have ${model} as "${name}" any more`);
  const providers: Record<string, { readonly model: string | null } | null> = {};
  const agents: Record<string, AgentChange | null> = {};
  for (const [place, text] of Object.entries(before)) {
    const [kind, id] = splitPlace(place);
    if (kind === "providers") providers[id] = restoredProvider(settings, id, model, parse(text));
    if (kind === "agents") agents[id] = restoredAgent(settings, id, model, parse(text));
  }
  const earlier = parse(before[`tuned ${name}`] ?? null);
  return {
    // Only promotions write the column, from settings that were valid.
    tuned: { [name]: earlier === null ? null : replacing(current, earlier as unknown as TunedSettings) },
    ...(Object.keys(providers).length === 0 ? {} : { providers }),
    ...(Object.keys(agents).length === 0 ? {} : { agents }),
  };
}

function splitPlace(place: string): readonly [kind: string, id: string] {
  const space = place.indexOf(" ");
  return [place.slice(0, space), place.slice(space + 1)];
}

function parse(text: string | null): Readonly<Record<string, unknown>> | null {
  const value: unknown = text === null ? null : JSON.parse(text);
  return isRecord(value) ? value : null;
}

function restoredProvider(
  settings: SystemSettings,
  id: string,
  model: string,
  earlier: Readonly<Record<string, unknown>> | null,
): { readonly model: string | null } | null {
  const now = ownOf(settings.providers, id);
  if (now?.model !== model) throw new TuningError("conflict", `providers.${id}.model was changed since the promotion`);
  // The entry was made by the promotion, and nobody has added to it.
  if (earlier === null && Object.keys(now).every((field) => field === "model")) return null;
  return { model: typeof earlier?.model === "string" ? earlier.model : null };
}

function restoredAgent(
  settings: SystemSettings,
  id: string,
  model: string,
  earlier: Readonly<Record<string, unknown>> | null,
): AgentChange | null {
  const now: AgentSettings | undefined = ownOf(settings.agents, id);
  if (now === undefined || !("provider" in now) || now.model !== model) {
    throw new TuningError("conflict", `agents.${id} was changed since the promotion`);
  }
  return earlier === null ? null : replacing(now, earlier);
}

/** A merge patch that leaves exactly the fields of `to`. */
function replacing<T extends object>(
  from: object | undefined,
  to: T,
): { readonly [Field in keyof T]: T[Field] | null } {
  const gone = Object.keys(from ?? {}).filter((field) => !Object.hasOwn(to, field));
  // The fields of `to`, and those that are removed.
  return { ...to, ...Object.fromEntries(gone.map((field) => [field, null])) } as {
    [Field in keyof T]: T[Field] | null;
  };
}
