import type { BudgetRule, Clock } from "@babylon/llm-core";
import { checkBudgetRules, isRecord } from "@babylon/llm-core";
import type { Ledger, SharedState } from "@babylon/shared-state";
import { startBackgroundTimer } from "@babylon/storage/time";
import { compileRule } from "../rules/compile-rule.ts";
import type { CompiledBudget } from "../rules/compiled-budget.ts";

/** A rule of the code of a service as it had it. */
export interface SeenRule {
  readonly rule: BudgetRule;
  /** When a process with it ran, epoch milliseconds: exact to an hour. */
  readonly seenAt: number;
}

const CHECK_EVERY_MS = 60_000;
const SAY_EVERY_MS = 3_600_000;

/** Options of {@link describeRules}. */
export interface DescribeRulesOptions {
  readonly state: Pick<SharedState, "ledger" | "status">;
  /** The rules of the code. Those of the settings are known to everyone. */
  readonly rules: readonly BudgetRule[];
  readonly clock: Clock;
}

/**
 * Says what the rules of the code are to those who only have their windows, such as a command line: now, every hour, and when the store was
 * emptied. Returns the function that ends this.
 */
export function describeRules({ state, rules, clock }: DescribeRulesOptions): () => void {
  const compiled = rules.map((rule) => compileRule(rule, "code"));
  let saidAtMonoMs: number | null = null;
  let saidEpoch: string | null = null;
  let cancel = (): void => {};
  let isClosed = false;

  async function say(): Promise<void> {
    const { connected, epoch } = state.status();
    const isFresh = saidAtMonoMs !== null && clock.monotonic() - saidAtMonoMs < SAY_EVERY_MS && epoch === saidEpoch;
    if (!connected || isFresh) return;
    const seenAt = await state.ledger.serverEpochMs();
    for (const { keyPrefix, rule } of compiled)
      await state.ledger.describe(keyPrefix, JSON.stringify({ rule, seenAt }));
    saidAtMonoMs = clock.monotonic();
    saidEpoch = epoch;
  }

  function sayAndWait(): void {
    say()
      // Later, when the store is back.
      .catch(() => {})
      .finally(() => {
        if (!isClosed) cancel = startBackgroundTimer(clock, CHECK_EVERY_MS, sayAndWait);
      });
  }

  if (compiled.length > 0) sayAndWait();
  return () => {
    isClosed = true;
    cancel();
  };
}

/** The described rules by the start of the keys of their windows. */
export async function seenRules(
  ledger: Pick<Ledger, "descriptions">,
): Promise<ReadonlyMap<string, SeenRule & { readonly compiled: CompiledBudget }>> {
  const found = new Map<string, SeenRule & { readonly compiled: CompiledBudget }>();
  for (const [prefix, text] of await ledger.descriptions("budget|")) {
    const seen = parseSeen(text);
    if (seen !== null) found.set(prefix, { ...seen, compiled: compileRule(seen.rule, "code") });
  }
  return found;
}

/** `null`: it is of a newer version. */
function parseSeen(text: string): SeenRule | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed) || typeof parsed.seenAt !== "number") return null;
    checkBudgetRules([parsed.rule], "rules");
    // What was checked is a rule.
    return { rule: parsed.rule as BudgetRule, seenAt: parsed.seenAt };
  } catch {
    return null;
  }
}
