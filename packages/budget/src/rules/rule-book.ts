import {
  type BudgetRule,
  checkBudgetRules,
  type Logger,
  type SettingsSource,
  type SystemSettings,
} from "@babylon/llm-core";
import { compileRule } from "./compile-rule.ts";
import type { CompiledBudget } from "./compiled-budget.ts";

/** The rules of the code and of the settings. */
export interface RuleBook {
  /** The rules in effect now: those of the settings are as fresh as the cached settings. Never rejects. */
  current(): Promise<readonly CompiledBudget[]>;
  /** As `current`, without waiting for settings that are not cached: those of the last reading. */
  latest(): readonly CompiledBudget[];
}

/** Options of {@link createRuleBook}. */
export interface RuleBookOptions {
  readonly rules: readonly BudgetRule[];
  readonly settings: SettingsSource | SystemSettings | undefined;
  readonly logger: Logger;
}

const isSource = (settings: SettingsSource | SystemSettings): settings is SettingsSource => "get" in settings;

/** Creates the book. Throws `invalid_input` for a wrong rule of the code. */
export function createRuleBook({ rules, settings, logger }: RuleBookOptions): RuleBook {
  checkBudgetRules(rules, "rules");
  const ofCode = rules.map((rule) => compileRule(rule, "code"));
  /** `undefined`: no settings were read yet. */
  let read: SystemSettings["budgets"] | null = null;
  let compiled: readonly CompiledBudget[] = ofCode;

  function adopt({ budgets }: SystemSettings): readonly CompiledBudget[] {
    // Snapshots are frozen, and the same object until they change.
    if (budgets === read) return compiled;
    read = budgets;
    const ofSettings = knownRules(budgets, logger).map((rule) => compileRule(rule, "settings"));
    const replaced = new Set(ofSettings.map(({ rule }) => rule.id));
    compiled = [...ofCode.filter(({ rule }) => !replaced.has(rule.id)), ...ofSettings];
    return compiled;
  }

  if (settings === undefined || !isSource(settings)) {
    if (settings?.budgets !== undefined) checkBudgetRules(settings.budgets, "settings.budgets");
    adopt(settings ?? { order: null, providers: {}, agents: {} });
    return { current: async () => compiled, latest: () => compiled };
  }

  return {
    async current() {
      try {
        return adopt((settings.peek?.() ?? (await settings.get())).value);
      } catch {
        // The client has reported that settings cannot be read; the rules of before stay in effect.
        return compiled;
      }
    },
    latest() {
      try {
        const snapshot = settings.peek?.();
        return snapshot === undefined ? compiled : adopt(snapshot.value);
      } catch {
        return compiled;
      }
    },
  };
}

/** The stored rules that this version understands. The others, of a newer version, are reported. */
function knownRules(stored: unknown, logger: Logger): readonly BudgetRule[] {
  if (stored === undefined || stored === null) return [];
  const listed: readonly unknown[] = Array.isArray(stored) ? stored : [stored];
  const ids = new Set<unknown>();
  return listed.flatMap((rule) => {
    try {
      checkBudgetRules([rule], "budgets");
      // What was checked is a rule.
      const known = rule as BudgetRule;
      if (ids.has(known.id)) return [];
      ids.add(known.id);
      return [known];
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      logger.warn("a budget of the settings is not applied: this version does not understand it", { problem });
      return [];
    }
  });
}
