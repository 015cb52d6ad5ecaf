import type { UsageDimension } from "@babylon/admin-api/contract";
import { type ReactElement, useId } from "react";
import { Icon } from "../parts/icon.tsx";
import { DIMENSION_NAMES, DIMENSION_WORDS } from "../words/name-group.ts";
import type { TabView } from "./tab-view.ts";
import { bucketsOf, chosenBucket, localZone } from "./usage-params.ts";

interface SpanChoiceProps {
  readonly view: TabView;
  onView(view: TabView): void;
}

const RANGES: readonly (readonly [range: string, label: string])[] = [
  ["24h", "24 hours"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["12mo", "12 months"],
  ["custom", "Custom"],
];

/** The words of a bucket, as the head of a column. */
export const BUCKET_WORDS: Readonly<Record<string, string>> = { hour: "Hour", day: "Day", month: "Month" };

interface Choice {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  onChoose(value: string): void;
}

function Select({ label, value, options, onChoose }: Choice): ReactElement {
  const id = useId();
  return (
    <div className="bm-labelled">
      <label htmlFor={id}>{label}</label>
      <div className="bm-select">
        <select id={id} className="bm-field" value={value} onChange={({ target }) => onChoose(target.value)}>
          {options.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </div>
    </div>
  );
}

function zonesWith(chosen: string | null): readonly string[] {
  return [
    ...new Set([localZone(), "UTC", ...(chosen === null ? [] : [chosen]), ...Intl.supportedValuesOf("timeZone")]),
  ];
}

/** Chooses the time, its periods and zone, and what the figures are grouped by. */
export function SpanChoice({ view, onView }: SpanChoiceProps): ReactElement {
  const id = useId();
  return (
    <div className="bm-controls">
      <fieldset className="bm-ranges">
        <legend className="bm-hidden">Time</legend>
        {RANGES.map(([range, label]) => (
          <label key={range} className="bm-segment" data-chosen={view.range === range}>
            <input
              type="radio"
              className="bm-hidden"
              name={`${id}range`}
              checked={view.range === range}
              onChange={() => onView({ ...view, range, bucket: null })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {view.range === "custom" && (
        <div className="bm-dates">
          {(["from", "to"] as const).map((end) => (
            <div key={end} className="bm-labelled">
              <label htmlFor={`${id}${end}`}>{end === "from" ? "First day" : "Last day"}</label>
              <input
                id={`${id}${end}`}
                type="date"
                className="bm-field"
                value={view[end]}
                onChange={({ target }) => onView({ ...view, [end]: target.value, bucket: null })}
              />
            </div>
          ))}
        </div>
      )}
      <div className="bm-selects">
        <Select
          label="Group by"
          value={view.by ?? "none"}
          options={[["none", "Nothing"], ...DIMENSION_NAMES.map((each) => [each, DIMENSION_WORDS[each]] as const)]}
          onChoose={(value) => {
            const by: UsageDimension | null = DIMENSION_NAMES.find((each) => each === value) ?? null;
            onView({ ...view, by });
          }}
        />
        <Select
          label="Period"
          value={chosenBucket(view)}
          options={bucketsOf(view).map((each) => [each, BUCKET_WORDS[each] ?? each])}
          onChoose={(value) => onView({ ...view, bucket: bucketsOf(view).find((each) => each === value) ?? null })}
        />
        <Select
          label="Time zone"
          value={view.timeZone ?? localZone()}
          options={zonesWith(view.timeZone).map((zone) => [zone, zone.replaceAll("_", " ")])}
          onChoose={(zone) => onView({ ...view, timeZone: zone === localZone() ? null : zone })}
        />
      </div>
    </div>
  );
}
