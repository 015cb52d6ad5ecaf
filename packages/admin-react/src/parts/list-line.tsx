import { type ReactElement, useId } from "react";
import { addName, suggestNames } from "../edit/name-list.ts";
import { FieldProblem } from "./field-problem.tsx";
import { Icon } from "./icon.tsx";

interface ListLineProps {
  readonly label: string;
  /** Names, one a line or with commas between them. */
  readonly value: string;
  /** `undefined`: nothing is wrong. */
  readonly problem?: string | undefined;
  readonly placeholder: string;
  /** Suggestions. */
  readonly known: readonly string[];
  onChange(value: string): void;
}

/** A line of a form with a list of names, and buttons that add known ones. */
export function ListLine({ label, value, problem, placeholder, known, onChange }: ListLineProps): ReactElement {
  const field = useId();
  const suggested = suggestNames(value, known);
  return (
    <div className="bm-form-line">
      <label htmlFor={field}>{label}</label>
      <div>
        <textarea
          id={field}
          className="bm-field bm-mono"
          rows={2}
          value={value}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${field}-problem`}
          onChange={({ target }) => onChange(target.value)}
        />
        {suggested.length > 0 && (
          <ul className="bm-chips" aria-label={`Suggestions: ${label.toLowerCase()}`}>
            {suggested.map((name) => (
              <li key={name}>
                <button type="button" className="bm-chip" onClick={() => onChange(addName(value, name, known))}>
                  <Icon name="plus" />
                  <span className="bm-hidden">Add </span>
                  <span className="bm-break">{name}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <FieldProblem field={field} problem={problem} />
      </div>
    </div>
  );
}
