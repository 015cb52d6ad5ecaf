import { type BudgetRule, checkBudgetRules, isLLMError } from "@babylon/llm-core";
import * as v from "valibot";

/** Budget rules of a caller, with the path of the first mistake. */
export const budgetsSchema: v.GenericSchema<unknown, readonly BudgetRule[]> = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): readonly BudgetRule[] => {
    try {
      checkBudgetRules(value, "");
      // What was checked is a list of rules.
      return value as readonly BudgetRule[];
    } catch (thrown) {
      if (!isLLMError(thrown, "invalid_input")) throw thrown;
      const { path, expected } = thrown;
      const keys = path.split(/[[\].]+/).filter((key) => key !== "");
      addIssue({ message: `expected ${expected}`, path: keys.length === 0 ? undefined : toIssuePath(keys, value) });
      return NEVER;
    }
  }),
);

function toIssuePath(keys: readonly string[], input: unknown): [v.IssuePathItem, ...v.IssuePathItem[]] | undefined {
  const [first, ...others] = keys.map(
    (key): v.IssuePathItem => ({ type: "unknown", origin: "value", input, key, value: undefined }),
  );
  return first === undefined ? undefined : [first, ...others];
}
