import type { CompiledRule } from "./compile-rules.ts";

/** The order of two rules that match the same model, the one that applies first. */
function compare(a: CompiledRule, b: CompiledRule): number {
  if (a.isPattern !== b.isPattern) return a.isPattern ? 1 : -1;
  if (a.model.length !== b.model.length) return b.model.length - a.model.length;
  if (a.provider !== b.provider) return a.provider === null ? 1 : -1;
  return a.fromDay === b.fromDay ? 0 : b.fromDay - a.fromDay;
}

/** The rules that apply to a model on a day: the first in the order of {@link compare}, with those of the same pattern and day. */
export function chooseRules(
  rules: readonly CompiledRule[],
  provider: string,
  model: string,
  day: number,
): readonly CompiledRule[] {
  const matching = rules.filter(
    (rule) =>
      (rule.provider === null || rule.provider === provider) &&
      day >= rule.fromDay &&
      day < rule.untilDay &&
      rule.matches(model),
  );
  // The later of the list comes first among equals.
  const [best] = matching.toReversed().toSorted(compare);
  if (best === undefined) return [];
  return matching.filter(
    (rule) => rule.model === best.model && rule.provider === best.provider && rule.fromDay === best.fromDay,
  );
}
