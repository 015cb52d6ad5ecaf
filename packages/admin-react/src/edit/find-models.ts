import type { ProviderModels } from "@babylon/admin-api/contract";

/** One line of the model picker. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** The replacement of a retired model, and the date of its retirement. */
  readonly retired: { readonly since: string | null; readonly replacement: string } | null;
}

/** The models that match a search. */
export interface FoundModels {
  readonly recommended: readonly ModelChoice[];
  readonly others: readonly ModelChoice[];
  readonly retired: readonly ModelChoice[];
  /** How many matching models are not shown. */
  readonly more: number;
  /** The search text as a model id, where no model has exactly this id. */
  readonly free: string | null;
}

const SHOWN = 60;

function retiredOf(models: ProviderModels, id: string): ModelChoice["retired"] {
  const found = Object.hasOwn(models.retired, id) ? models.retired[id] : undefined;
  return found === undefined ? null : { since: found.retiredAt, replacement: found.replacement };
}

/** Finds the models with every word of the search in their id, name or description. */
export function findModels(models: ProviderModels, search: string): FoundModels {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (choice: Pick<ModelChoice, "id" | "name" | "description">) => {
    const text = `${choice.id} ${choice.name} ${choice.description ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const listed = models.models.map(({ id, name, description, recommended }) => ({
    recommended,
    choice: { id, name, description, retired: retiredOf(models, id) },
  }));
  const known = new Set(listed.map(({ choice }) => choice.id));
  // Retired ids that are in no list are shown only in the results of a search.
  const unlisted = Object.keys(models.retired)
    .filter((id) => words.length > 0 && !known.has(id))
    .map((id): ModelChoice => ({ id, name: id, description: null, retired: retiredOf(models, id) }));

  const found = listed.filter(({ choice }) => matches(choice));
  const others = found.filter(({ recommended }) => !recommended).map(({ choice }) => choice);
  const id = search.trim();
  const exact = known.has(id) || Object.hasOwn(models.retired, id);
  return {
    recommended: found.filter(({ recommended }) => recommended).map(({ choice }) => choice),
    others: others.slice(0, SHOWN),
    retired: unlisted.filter(matches),
    more: Math.max(0, others.length - SHOWN),
    free: id === "" || exact ? null : id,
  };
}
