import { type ReactElement, type ReactNode, useId } from "react";
import { Icon } from "../parts/icon.tsx";

/** Props of {@link TextLine} and {@link SelectLine}. */
interface LineProps {
  readonly label: string;
  readonly value: string;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  readonly hint?: string;
  onChange(value: string): void;
}

/** A labelled field for a text or a number. */
export function TextLine({ label, value, problem, hint, onChange }: LineProps): ReactElement {
  const field = useId();
  return (
    <div className="bm-form-line">
      <label htmlFor={field}>{label}</label>
      <div>
        <input
          id={field}
          className="bm-field"
          value={value}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={`${field}-note`}
          onChange={({ target }) => onChange(target.value)}
        />
        <p className={problem === undefined ? "bm-note" : "bm-problem"} id={`${field}-note`}>
          {problem ?? hint}
        </p>
      </div>
    </div>
  );
}

/** A labelled choice. */
export function SelectLine({
  label,
  value,
  onChange,
  children,
}: LineProps & { readonly children: ReactNode }): ReactElement {
  const field = useId();
  return (
    <div className="bm-form-line">
      <label htmlFor={field}>{label}</label>
      <div className="bm-select">
        <select id={field} className="bm-field" value={value} onChange={({ target }) => onChange(target.value)}>
          {children}
        </select>
        <Icon name="chevron" />
      </div>
    </div>
  );
}
