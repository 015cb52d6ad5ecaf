import { type ReactElement, type ReactNode, useId } from "react";
import { FieldProblem } from "./field-problem.tsx";

interface TextLineProps {
  readonly label: string;
  readonly value: string;
  /** `undefined`: nothing is wrong. */
  readonly problem?: string | undefined;
  readonly note?: string | undefined;
  readonly readOnly?: boolean;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  readonly placeholder?: string | undefined;
  /** Suggestions. */
  readonly list?: readonly string[] | undefined;
  /** At its end, such as a unit. */
  readonly children?: ReactNode;
  onChange(value: string): void;
}

/** A line of a form with one field of text. */
export function TextLine(props: TextLineProps): ReactElement {
  const { label, value, problem, note, readOnly = false, mono = false, numeric = false, placeholder, list } = props;
  const { children, onChange } = props;
  const field = useId();
  const described = [
    ...(problem === undefined ? [] : [`${field}-problem`]),
    ...(note === undefined ? [] : [`${field}-note`]),
  ];
  return (
    <div className="bm-form-line">
      <label htmlFor={field}>{label}</label>
      <div>
        <div className="bm-field-row">
          <input
            id={field}
            className={`bm-field${mono ? " bm-mono" : ""}`}
            value={value}
            readOnly={readOnly}
            autoComplete="off"
            spellCheck={false}
            inputMode={numeric ? "decimal" : undefined}
            placeholder={placeholder}
            list={list === undefined ? undefined : `${field}-list`}
            aria-invalid={problem !== undefined}
            aria-describedby={described.length === 0 ? undefined : described.join(" ")}
            onChange={({ target }) => onChange(target.value)}
          />
          {children}
        </div>
        {list !== undefined && (
          <datalist id={`${field}-list`}>
            {list.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
        {note !== undefined && (
          <p className="bm-note" id={`${field}-note`}>
            {note}
          </p>
        )}
        <FieldProblem field={field} problem={problem} />
      </div>
    </div>
  );
}
