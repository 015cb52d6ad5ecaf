import type { BudgetRule, SystemSettings } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { listRules, mergeRules, pauseRule, removeRule, rulesOf, setRule } from "./budget-rules.ts";
import { isChanged, reapply } from "./draft.ts";

const none: SystemSettings = { order: null, providers: {}, agents: {} };
const rule = (id: string, limitUsd = 1): BudgetRule => ({ id, scope: "all", per: "day", limitUsd });
const having = (...budgets: BudgetRule[]): SystemSettings => ({ ...none, budgets });
/** What a newer version may have stored. */
const foreign: SystemSettings = JSON.parse('{"order":null,"providers":{},"agents":{},"budgets":[{"kind":"new"}]}');

test("rules of the settings replace those of the code with the same id, in their place", () => {
  const listed = listRules([rule("a"), rule("b")], having(rule("c", 3), rule("b", 2)), having(rule("b", 2)));
  expect(listed).toEqual([
    { rule: rule("a"), source: "code", replaces: false, unsaved: false },
    { rule: rule("b", 2), source: "settings", replaces: true, unsaved: false },
    { rule: rule("c", 3), source: "settings", replaces: false, unsaved: true },
  ]);
});

test("a replacement that is removed but not saved is marked", () => {
  expect(listRules([rule("a")], having(), having(rule("a", 2)))).toMatchObject([{ source: "code", unsaved: true }]);
});

describe("an edit", () => {
  test.each<[string, SystemSettings, SystemSettings]>([
    ["adds a rule at the end", setRule(having(rule("a")), rule("b"), none), having(rule("a"), rule("b"))],
    [
      "replaces a rule in its place",
      setRule(having(rule("a"), rule("b")), rule("a", 2), none),
      having(rule("a", 2), rule("b")),
    ],
    ["removes a rule", removeRule(having(rule("a"), rule("b")), "a", none), having(rule("b"))],
    ["removes the last rule that is saved", removeRule(having(rule("a")), "a", having(rule("a"))), having()],
    ["leaves nothing of a rule that was never saved", removeRule(having(rule("a")), "a", none), none],
    ["keeps what a newer version has stored", removeRule(setRule(foreign, rule("a"), foreign), "a", foreign), foreign],
  ])("%s", (_, changed, expected) => {
    expect(changed).toEqual(expected);
  });

  test("that is taken back is no change", () => {
    const settings = removeRule(setRule(none, rule("a"), none), "a", none);
    expect(isChanged({ base: { settings: none, version: 1 }, settings })).toBe(false);
  });

  test("pauses a rule, and resumes it as it was", () => {
    expect(pauseRule(rule("a"), true)).toEqual({ ...rule("a"), paused: true });
    expect(pauseRule({ ...rule("a"), atLimit: "warn", paused: true }, false)).toEqual({
      ...rule("a"),
      atLimit: "warn",
    });
  });
});

test("what a newer version has stored is not listed", () => {
  expect(rulesOf(foreign)).toEqual([]);
  expect(rulesOf(JSON.parse('{"budgets":{"v2":true}}'))).toEqual([]);
});

describe("rules that two visitors have changed are merged one by one", () => {
  const base = having(rule("a"), rule("b"));
  test.each<[string, SystemSettings, SystemSettings, readonly BudgetRule[]]>([
    [
      "mine changed, theirs added",
      having(rule("a", 2), rule("b")),
      having(rule("a"), rule("b"), rule("c")),
      [rule("a", 2), rule("b"), rule("c")],
    ],
    ["mine added, theirs removed", having(rule("a"), rule("b"), rule("c")), having(rule("b")), [rule("b"), rule("c")]],
    ["mine removed, theirs changed it", having(rule("b")), having(rule("a", 9), rule("b")), [rule("b")]],
    ["mine changed, theirs removed it", having(rule("a", 2), rule("b")), having(rule("b")), [rule("b"), rule("a", 2)]],
  ])("%s", (_, mine, theirs, expected) => {
    expect(mergeRules(base, mine, theirs).budgets).toEqual(expected);
    const draft = { base: { settings: base, version: 1 }, settings: mine };
    const current = { settings: theirs, version: 2, updatedAt: null, updatedBy: null };
    expect(reapply(draft, current).settings.budgets).toEqual(expected);
  });
});
