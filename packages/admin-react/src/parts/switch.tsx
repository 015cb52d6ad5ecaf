import type { ReactElement } from "react";

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  onChange(checked: boolean): void;
}

/** On or off. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps): ReactElement {
  return (
    <button
      type="button"
      role="switch"
      className="bm-switch"
      aria-checked={checked}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span className="bm-switch-knob" />
    </button>
  );
}
