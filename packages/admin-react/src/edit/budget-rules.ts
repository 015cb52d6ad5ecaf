import type { BudgetRule, SystemSettings } from "@babylon/admin-api/contract";

/** A rule of a budget as the page lists it. */
export interface PageRule {
  readonly rule: BudgetRule;
  readonly source: "code" | "settings";
  /** It replaces a rule of the code. */
  readonly replaces: boolean;
  /** It is not saved yet, or not in this form. */
  readonly unsaved: boolean;
}

const same = (a: BudgetRule | undefined, b: BudgetRule | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

function isRule(stored: unknown): stored is BudgetRule {
  return typeof stored === "object" && stored !== null && "id" in stored && "per" in stored && "scope" in stored;
}

/** What the settings have about budgets. A newer version may have stored something else. */
const storedRules = ({ budgets }: SystemSettings): readonly unknown[] => {
  const stored: unknown = budgets;
  return Array.isArray(stored) ? stored : [];
};

/** The rules of settings that this page knows. */
export const rulesOf = (settings: SystemSettings): readonly BudgetRule[] => storedRules(settings).filter(isRule);

/** The rules in effect once some settings are saved: those of the code that are not replaced, then those of the settings. Pure. */
export function listRules(
  rulesOfCode: readonly BudgetRule[],
  settings: SystemSettings,
  saved: SystemSettings,
): readonly PageRule[] {
  const rules = rulesOf(settings);
  const before = rulesOf(saved);
  const byId = (list: readonly BudgetRule[], id: string) => list.find((rule) => rule.id === id);
  const ofCode = rulesOfCode.map((rule): PageRule => {
    const replacement = byId(rules, rule.id);
    const unsaved = !same(replacement, byId(before, rule.id));
    return replacement === undefined
      ? { rule, source: "code", replaces: false, unsaved }
      : { rule: replacement, source: "settings", replaces: true, unsaved };
  });
  const own = rules
    .filter(({ id }) => byId(rulesOfCode, id) === undefined)
    .map(
      (rule): PageRule => ({ rule, source: "settings", replaces: false, unsaved: !same(rule, byId(before, rule.id)) }),
    );
  return [...ofCode, ...own];
}

/** Puts rules into settings. An empty list removes those that are saved; where none are, there is nothing to remove. */
function withRules(settings: SystemSettings, rules: readonly unknown[], saved: SystemSettings): SystemSettings {
  const { budgets: _, ...others } = settings;
  if (rules.length === 0 && saved.budgets === undefined) return others;
  // What a newer version has stored is kept as it is; the server decides about it.
  return { ...others, budgets: rules as readonly BudgetRule[] };
}

const idOf = (stored: unknown): string | null => (isRule(stored) ? stored.id : null);

/** Adds a rule, or replaces the one of the settings with its id. */
export function setRule(settings: SystemSettings, rule: BudgetRule, saved: SystemSettings): SystemSettings {
  const rules = storedRules(settings);
  const at = rules.findIndex((each) => idOf(each) === rule.id);
  return withRules(settings, at === -1 ? [...rules, rule] : rules.with(at, rule), saved);
}

/** Removes the rule of the settings with an id. */
export function removeRule(settings: SystemSettings, id: string, saved: SystemSettings): SystemSettings {
  const rules = storedRules(settings).filter((each) => idOf(each) !== id);
  return withRules(settings, rules, saved);
}

/** A rule that refuses and reports nothing, and goes on counting; or one that applies again. */
export function pauseRule({ paused: _, ...rule }: BudgetRule, paused: boolean): BudgetRule {
  return paused ? { ...rule, paused } : rule;
}

/** The changes between two lists of rules, made in a third that others have changed since: rule by rule. Pure. */
export function mergeRules(base: SystemSettings, mine: SystemSettings, theirs: SystemSettings): SystemSettings {
  const ids = new Set([...rulesOf(base), ...rulesOf(mine)].map(({ id }) => id));
  let merged = theirs;
  for (const id of ids) {
    const before = rulesOf(base).find((rule) => rule.id === id);
    const after = rulesOf(mine).find((rule) => rule.id === id);
    if (same(before, after)) continue;
    merged = after === undefined ? removeRule(merged, id, theirs) : setRule(merged, after, theirs);
  }
  return merged;
}
