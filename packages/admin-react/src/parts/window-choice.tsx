import type { WindowName } from "@babylon/admin-api/contract";
import { type ReactElement, useId } from "react";

interface WindowChoiceProps {
  readonly window: WindowName;
  onChoose(window: WindowName): void;
}

const LABELS: readonly (readonly [window: WindowName, label: string])[] = [
  ["lastMinute", "1 min"],
  ["last5Minutes", "5 min"],
  ["lastHour", "1 h"],
];

/** Chooses the window of time of the figures. */
export function WindowChoice({ window, onChoose }: WindowChoiceProps): ReactElement {
  const name = useId();
  return (
    <fieldset className="bm-windows">
      <legend className="bm-hidden">Figures of the last</legend>
      {LABELS.map(([each, label]) => (
        <label key={each} className="bm-segment" data-chosen={window === each}>
          <input
            type="radio"
            className="bm-hidden"
            name={name}
            checked={window === each}
            onChange={() => onChoose(each)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
