import { type ReactElement, useId } from "react";
import { Icon } from "../parts/icon.tsx";

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, text: string])[];
  onChoose(value: T): void;
}

/** A line of a form with a few choices side by side. */
export function SegmentLine<T extends string>({ label, value, choices, onChoose }: ChoiceProps<T>): ReactElement {
  const name = useId();
  return (
    <fieldset className="bm-form-line bm-segments">
      <legend>{label}</legend>
      <div className="bm-segment-row">
        {choices.map(([each, text]) => (
          <label key={each} className="bm-segment" data-chosen={value === each}>
            <input
              type="radio"
              className="bm-hidden"
              name={name}
              checked={value === each}
              onChange={() => onChoose(each)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A list of choices without a line of its own. */
export function Select<T extends string>({ label, value, choices, onChoose }: ChoiceProps<T>): ReactElement {
  return (
    <div className="bm-select">
      <select
        className="bm-field"
        aria-label={label}
        value={value}
        onChange={({ target }) => {
          const chosen = choices.find(([each]) => each === target.value);
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {choices.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
      <Icon name="chevron" />
    </div>
  );
}
