import type { ProviderModels } from "@babylon/admin-api/contract";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { findModels, type ModelChoice } from "../edit/find-models.ts";
import { Icon } from "./icon.tsx";

interface ModelListProps {
  readonly id: string;
  readonly label: string;
  readonly value: string | null;
  readonly fallback: string;
  readonly models: ProviderModels;
  onChoose(model: string | null): void;
  onClose(): void;
}

interface Option {
  readonly key: string;
  /** The id that it chooses; `null`: none. */
  readonly model: string | null;
  readonly title: string;
  readonly note: string | null;
  readonly warning: string | null;
}

interface Group {
  readonly title: string;
  readonly options: readonly Option[];
}

function toOption({ id, name, description, retired }: ModelChoice): Option {
  const note = [name === id ? null : name, description].filter((part) => part !== null).join(". ");
  const since = retired?.since == null ? "" : ` ${retired.since}`;
  return {
    key: id,
    model: id,
    title: id,
    note: note === "" ? null : note,
    warning: retired === null ? null : `Retired${since}: use ${retired.replacement}`,
  };
}

function toGroups(models: ProviderModels, search: string, fallback: string): readonly Group[] {
  const found = findModels(models, search);
  const standard: Option = { key: "\n", model: null, title: "No choice", note: fallback, warning: null };
  const free = found.free;
  const groups: readonly Group[] = [
    { title: "Default", options: search.trim() === "" ? [standard] : [] },
    { title: "Recommended", options: found.recommended.map(toOption) },
    { title: models.listedAt === null ? "Known models" : "All models", options: found.others.map(toOption) },
    { title: "Retired", options: found.retired.map(toOption) },
    {
      title: "Not in any list",
      options:
        free === null
          ? []
          : [{ key: `\n${free}`, model: free, title: free, note: "Use this id as it is", warning: null }],
    },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** The open model picker: a search field and its results. */
export function ModelList({ id, label, value, fallback, models, onChoose, onClose }: ModelListProps): ReactElement {
  const [search, setSearch] = useState("");
  const groups = toGroups(models, search, fallback);
  const options = groups.flatMap((group) => group.options);
  const chosen = options.findIndex(({ model }) => model === value);
  const [moved, setMoved] = useState<number | null>(null);
  const at = Math.min(moved ?? Math.max(0, chosen), options.length - 1);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function choose(option: Option | undefined): void {
    if (option !== undefined) onChoose(option.model);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const last = options.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    };
    const target = targets[event.key];
    if (target !== undefined) setMoved(target);
    else if (event.key === "Enter") choose(options[at]);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  let index = -1;
  const { more } = findModels(models, search);
  return (
    <div className="bm-popup" id={id} role="dialog" aria-label={label}>
      <div className="bm-search">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={`${label}: search, or type an id`}
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={options.length === 0 ? undefined : optionId(at)}
          placeholder="Search, or type any model id"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={512}
          value={search}
          onChange={({ target }) => {
            setSearch(target.value);
            setMoved(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="bm-options" id={listId} role="listbox" aria-label={label} ref={list} tabIndex={-1}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
          <div role="group" aria-label={group.title} key={group.title}>
            <div className="bm-options-title" aria-hidden="true">
              {group.title}
            </div>
            {group.options.map((option) => {
              index += 1;
              const own = index;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the search field, which points here
                <div
                  key={option.key}
                  id={optionId(own)}
                  role="option"
                  tabIndex={-1}
                  className="bm-option"
                  data-index={own}
                  data-at={own === at}
                  aria-selected={option.model === value}
                  onClick={() => choose(option)}
                  onPointerMove={() => setMoved(own)}
                >
                  <span className="bm-option-text">
                    <span className={option.model === null ? "bm-option-title" : "bm-option-title bm-mono"}>
                      {option.title}
                    </span>
                    {option.note !== null && <span className="bm-option-note">{option.note}</span>}
                    {option.warning !== null && <span className="bm-option-warning">{option.warning}</span>}
                  </span>
                  {option.model === value && <Icon name="check" />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {more > 0 && <p className="bm-more">{more} more: type to search</p>}
    </div>
  );
}
