import { type ReactElement, type ReactNode, useId } from "react";
import { Icon } from "../parts/icon.tsx";

interface SelectLineProps {
  readonly label: string;
  readonly value: string;
  readonly children: ReactNode;
  onChange(value: string): void;
}

/** A labelled choice. */
export function SelectLine({ label, value, onChange, children }: SelectLineProps): ReactElement {
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
