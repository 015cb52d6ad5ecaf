import type { AgentPatch, ProviderPatch, SettingsPatch } from "@babylon/admin-api/contract";

/** One change in words: of what, and what became of it. */
export interface ChangeWords {
  /** Unique within one patch. */
  readonly key: string;
  readonly subject: string;
  readonly change: string;
}

type Names = (provider: string) => string;

function ofProvider(id: string, patch: ProviderPatch | null, nameOf: Names): readonly ChangeWords[] {
  const subject = nameOf(id);
  if (patch === null) return [{ key: `provider ${id}`, subject, change: "back to the defaults" }];
  const changes: ChangeWords[] = [];
  const { enabled, model } = patch;
  if (enabled !== undefined) {
    const change = enabled === null ? "on when it has a key" : enabled ? "switched on" : "switched off";
    changes.push({ key: `provider ${id} enabled`, subject, change });
  }
  if (model !== undefined) {
    changes.push({ key: `provider ${id} model`, subject, change: model === null ? "default model" : `model ${model}` });
  }
  return changes;
}

function ofAgent(id: string, patch: AgentPatch | null, nameOf: Names): ChangeWords {
  const key = `agent ${id}`;
  const subject = `Agent ${id}`;
  if (patch === null) return { key, subject, change: "no override any more" };
  const models = Object.entries(patch.models ?? {}).map(([provider, model]) =>
    model == null ? `${nameOf(provider)} as everybody` : `${nameOf(provider)} with ${model}`,
  );
  const first = patch.provider == null ? [] : [`${nameOf(patch.provider)} first`];
  const model = patch.model === undefined ? [] : [patch.model === null ? "its default model" : `model ${patch.model}`];
  const parts = patch.models == null ? [...first, ...model] : models;
  return { key, subject, change: parts.length === 0 ? "changed" : parts.join(", ") };
}

/** A patch in words, one line a change. Pure. */
export function describeChanges(patch: SettingsPatch, nameOf: Names): readonly ChangeWords[] {
  const { order, providers, agents } = patch;
  const ofOrder: readonly ChangeWords[] =
    order === undefined
      ? []
      : [{ key: "order", subject: "Order", change: order === null ? "as in the code" : order.map(nameOf).join(", ") }];
  return [
    ...ofOrder,
    ...Object.entries(providers ?? {}).flatMap(([id, change]) => ofProvider(id, change ?? null, nameOf)),
    ...Object.entries(agents ?? {}).map(([id, change]) => ofAgent(id, change ?? null, nameOf)),
  ];
}
