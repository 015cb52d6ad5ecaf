import type { BudgetRule, BudgetWindow, ProviderOverview, SystemSettings } from "@babylon/admin-api/contract";
import { type ReactElement, useEffect, useRef } from "react";
import { useStoredState } from "../data/use-stored-state.ts";
import { listRules, pauseRule, removeRule, setRule } from "../edit/budget-rules.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { BudgetEditor } from "./budget-editor.tsx";
import { NEW_BUDGET, parseBudgetForm, toBudgetForm } from "./budget-form.ts";
import { RuleCard, type WindowsView } from "./rule-card.tsx";

interface RuleListProps {
  readonly rulesOfCode: readonly BudgetRule[];
  /** As they would be saved. */
  readonly settings: SystemSettings;
  /** As they are saved. */
  readonly saved: SystemSettings;
  readonly providers: readonly ProviderOverview[];
  /** Where the open form is stored in the browser tab. */
  readonly formKey: string;
  readonly windows: readonly BudgetWindow[];
  readonly view: WindowsView;
  onEdit(settings: SystemSettings): void;
}

const ADD_BUTTON = '[data-action="add"]';
const buttonOf = (id: string, action: string) => `[data-rule="${CSS.escape(id)}"] [data-action="${action}"]`;

/** All rules with their windows, and the form of one of them. */
export function RuleList(props: RuleListProps): ReactElement {
  const { rulesOfCode, settings, saved, providers, formKey, windows, view, onEdit } = props;
  const readOnly = useReadOnly();
  const [form, setForm] = useStoredState(formKey, parseBudgetForm);
  const list = useRef<HTMLDivElement>(null);
  /** What gets the focus after the next change: the first that is there. */
  const refocus = useRef<readonly string[]>([]);
  const rules = listRules(rulesOfCode, settings, saved);
  const taken = rules.map(({ rule }) => rule.id);

  useEffect(() => {
    const wanted = refocus.current.flatMap((selector) => list.current?.querySelector<HTMLElement>(selector) ?? []);
    refocus.current = [];
    wanted[0]?.focus();
  });

  function close(id: string): void {
    refocus.current = [buttonOf(id, "edit"), ADD_BUTTON];
    setForm(null);
  }
  function onDone(rule: BudgetRule): void {
    onEdit(setRule(settings, rule, saved));
    close(rule.id);
  }
  function remove(id: string): void {
    const at = taken.indexOf(id);
    const neighbours = [id, taken[at + 1], taken[at - 1]].flatMap((each) => each ?? []);
    refocus.current = [...neighbours.map((each) => buttonOf(each, "edit")), ADD_BUTTON];
    onEdit(removeRule(settings, id, saved));
    if (form?.editing === id) setForm(null);
  }
  const edited = form === null ? undefined : rules.find(({ rule }) => rule.id === form.editing);
  const editor = form !== null && (
    <BudgetEditor
      form={form}
      taken={taken}
      providers={providers}
      ofCode={edited?.source === "code"}
      onChange={setForm}
      onCancel={() => close(form.editing)}
      onDone={onDone}
    />
  );

  return (
    <div className="bm-budgets" ref={list}>
      {rules.map((entry) => (
        <RuleCard
          key={entry.rule.id}
          entry={entry}
          windows={windows.filter(({ rule }) => rule === entry.rule.id)}
          view={view}
          editor={edited === entry ? editor : null}
          onEdit={() => setForm(toBudgetForm(entry.rule))}
          onPause={(paused) => onEdit(setRule(settings, pauseRule(entry.rule, paused), saved))}
          onRemove={() => remove(entry.rule.id)}
        />
      ))}
      {rules.length === 0 && form === null && (
        <p className="bm-card bm-empty">
          There are no budgets. A budget limits what calls cost, or their tokens, in a span of time.
        </p>
      )}
      {form !== null && edited === undefined && <div className="bm-card bm-budget">{editor}</div>}
      {(form === null || edited !== undefined) && (
        <div>
          <ActionButton className="bm-button" data-action="add" blocked={readOnly} onClick={() => setForm(NEW_BUDGET)}>
            <Icon name="plus" />
            Add a budget
          </ActionButton>
        </div>
      )}
    </div>
  );
}
