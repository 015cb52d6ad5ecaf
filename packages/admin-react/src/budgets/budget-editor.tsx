import type { BudgetRule, ProviderOverview } from "@babylon/admin-api/contract";
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { TextLine } from "../parts/text-line.tsx";
import { SCOPE_ORDER, SCOPE_WORDS } from "../words/describe-rule.ts";
import { type BudgetForm, type BudgetProblems, budgetProblems, fromBudgetForm, hasTimeZone } from "./budget-form.ts";
import { SegmentLine, Select } from "./choice-fields.tsx";

interface BudgetEditorProps {
  readonly form: BudgetForm;
  /** The names of all budgets. */
  readonly taken: readonly string[];
  readonly providers: readonly ProviderOverview[];
  /** The rule is in the code, so that the edited one will replace it. */
  readonly ofCode: boolean;
  onChange(form: BudgetForm): void;
  onDone(rule: BudgetRule): void;
  onCancel(): void;
}

const PERIODS = [
  ["hour", "Each hour"],
  ["day", "Each day"],
  ["week", "Each week, from Monday"],
  ["month", "Each month"],
  ["rolling", "Any span of …"],
  ["total", "In total, without an end"],
] as const;
const LENGTHS = [
  ["minutes", "minutes"],
  ["hours", "hours"],
  ["days", "days"],
] as const;

const ZONES: readonly string[] = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** The form of a rule: what it counts, when it starts anew, its limit, and what happens there. */
export function BudgetEditor(props: BudgetEditorProps): ReactElement {
  const { form, taken, providers, ofCode, onChange, onDone, onCancel } = props;
  const [tried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const problems = budgetProblems(form, taken);
  const shown: BudgetProblems = tried ? problems : {};
  const change = (part: Partial<BudgetForm>) => onChange({ ...form, ...part });

  useEffect(() => element.current?.querySelector<HTMLElement>("input:not([readonly])")?.focus(), []);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) onDone(fromBudgetForm(form));
    // After the messages are on the page.
    else requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  return (
    <form className="bm-agent-form" ref={element} aria-label="Rule of a budget" onSubmit={onSubmit}>
      {ofCode && (
        <p className="bm-note">
          This rule is in the code of the service. The one you save here is kept in the settings and replaces it;
          removing it brings the code’s rule back.
        </p>
      )}
      <TextLine
        label="Name"
        value={form.id}
        problem={shown.id}
        readOnly={form.editing !== ""}
        mono
        placeholder="monthly-total"
        onChange={(id) => change({ id })}
      />
      <SegmentLine
        label="Counts"
        value={form.counts}
        choices={[
          ["all", "All calls"],
          ["some", "Calls with …"],
        ]}
        onChoose={(counts) => change({ counts })}
      />
      {form.counts === "some" && (
        <>
          {SCOPE_ORDER.map((field, at) => (
            <TextLine
              key={field}
              label={SCOPE_WORDS[field]}
              value={form.scope[field]}
              problem={at === 0 ? shown.scope : undefined}
              mono
              placeholder="any"
              list={field === "provider" ? providers.map(({ provider }) => provider) : undefined}
              onChange={(name) => change({ scope: { ...form.scope, [field]: name } })}
            />
          ))}
          <p className="bm-note">
            A call counts if it has all of these names. <code>*</code> is a budget of its own for each one.
          </p>
        </>
      )}
      <div className="bm-form-line">
        <span className="bm-form-label">Starts anew</span>
        <Select label="Starts anew" value={form.per} choices={PERIODS} onChoose={(per) => change({ per })} />
      </div>
      {form.per === "rolling" && (
        <TextLine
          label="Span"
          value={form.rolling}
          problem={shown.rolling}
          numeric
          note="No span of this length may exceed the limit."
          onChange={(rolling) => change({ rolling })}
        >
          <Select
            label="Unit of the span"
            value={form.rollingUnit}
            choices={LENGTHS}
            onChoose={(rollingUnit) => change({ rollingUnit })}
          />
        </TextLine>
      )}
      {hasTimeZone(form) && (
        <TextLine
          label="Time zone"
          value={form.timeZone}
          problem={shown.timeZone}
          list={ZONES}
          onChange={(timeZone) => change({ timeZone })}
        />
      )}
      <TextLine label="Limit" value={form.limit} problem={shown.limit} numeric onChange={(limit) => change({ limit })}>
        <Select
          label="Unit of the limit"
          value={form.unit}
          choices={[
            ["usd", "US dollars"],
            ["tokens", "tokens"],
          ]}
          onChoose={(unit) => change({ unit })}
        />
      </TextLine>
      <TextLine
        label="Near from"
        value={form.warnAt}
        problem={shown.warnAt}
        numeric
        onChange={(warnAt) => change({ warnAt })}
      >
        <span>% of the limit</span>
      </TextLine>
      <SegmentLine
        label="At the limit"
        value={form.atLimit}
        choices={[
          ["refuse", "Refuse calls"],
          ["warn", "Only warn"],
        ]}
        onChoose={(atLimit) => change({ atLimit })}
      />
      <div className="bm-form-actions">
        <button type="submit" className="bm-button bm-button-strong">
          {form.editing === "" ? "Add" : "Apply"}
        </button>
        <button type="button" className="bm-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
