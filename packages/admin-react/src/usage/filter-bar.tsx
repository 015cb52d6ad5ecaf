import type { UsageDimension } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { Icon } from "../parts/icon.tsx";
import { DIMENSION_NAMES, DIMENSION_WORDS, nameGroup } from "../words/name-group.ts";
import { type TabView, toggleFilter } from "./tab-view.ts";
import { localZone } from "./usage-params.ts";
import { useNames } from "./use-names.ts";

interface FilterBarProps {
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onView(view: TabView): void;
}

const OUTCOMES = ["success", "failed", "aborted", "interrupted"];
/** The filters of the page as buttons that remove them, and a form to add one. */
export function FilterBar(props: FilterBarProps): ReactElement {
  const { view, client, queries, nameOf, onView } = props;
  const [dimension, setDimension] = useState<UsageDimension>("agent");
  const [text, setText] = useState("");
  const found = useNames(dimension, {
    client,
    queries,
    last: view.range === "custom" ? "30d" : view.range,
    timeZone: view.timeZone ?? localZone(),
    enabled: dimension !== "outcome",
  });
  const names = dimension === "outcome" ? OUTCOMES : found;
  const id = useId();
  const words = (name: string) => nameGroup(dimension, name, nameOf);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const input = text.trim();
    if (input === "") return;
    // A suggestion is shown in words; anything else is a name as it is.
    const name = names.find((each) => words(each) === input) ?? input;
    onView(toggleFilter(view, dimension, name, true));
    setText("");
  }
  const chips = DIMENSION_NAMES.flatMap((each) => (view.where[each] ?? []).map((name) => ({ each, name })));

  return (
    <div className="bm-filters">
      <form className="bm-filter-form" onSubmit={onSubmit}>
        <label className="bm-hidden" htmlFor={`${id}dimension`}>
          Filter by
        </label>
        <div className="bm-select">
          <select
            id={`${id}dimension`}
            className="bm-field"
            value={dimension}
            onChange={({ target }) => {
              setDimension(DIMENSION_NAMES.find((each) => each === target.value) ?? "agent");
              setText("");
            }}
          >
            {DIMENSION_NAMES.map((each) => (
              <option key={each} value={each}>
                {DIMENSION_WORDS[each]}
              </option>
            ))}
          </select>
          <Icon name="chevron" />
        </div>
        <label className="bm-hidden" htmlFor={`${id}name`}>
          Name of the {dimension}
        </label>
        <input
          id={`${id}name`}
          className="bm-field bm-filter-name"
          list={`${id}names`}
          placeholder={`Name of the ${dimension}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={512}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <datalist id={`${id}names`}>
          {names.map((name) => (
            <option key={name} value={words(name)} />
          ))}
        </datalist>
        <button type="submit" className="bm-button">
          Add filter
        </button>
      </form>
      {chips.length > 0 && (
        <ul className="bm-chips" aria-label="Filters">
          {chips.map(({ each, name }) => (
            <li key={`${each} ${name}`}>
              <button type="button" className="bm-chip" onClick={() => onView(toggleFilter(view, each, name, false))}>
                <span className="bm-hidden">Remove the filter </span>
                <span className="bm-chip-what">{DIMENSION_WORDS[each]}:</span>
                <span className="bm-break">{nameGroup(each, name, nameOf)}</span>
                <Icon name="cross" />
              </button>
            </li>
          ))}
          {chips.length > 1 && (
            <li>
              <button type="button" className="bm-text-button" onClick={() => onView({ ...view, where: {} })}>
                Remove all
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
