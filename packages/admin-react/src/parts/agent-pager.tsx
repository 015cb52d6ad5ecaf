import { type ReactElement, useId } from "react";
import type { FoundAgents } from "../edit/find-agents.ts";
import { ActionButton } from "./action-button.tsx";
import { Icon } from "./icon.tsx";

interface AgentPagerProps {
  readonly search: string;
  readonly found: FoundAgents;
  onSearch(search: string): void;
  onPage(page: number): void;
}

/** The search over the agents, and the buttons to turn their pages. */
export function AgentPager({ search, found, onSearch, onPage }: AgentPagerProps): ReactElement {
  const { page, pages, from, to, total } = found;
  const field = useId();
  return (
    <div className="bm-pager">
      <div className="bm-pager-search">
        <label className="bm-hidden" htmlFor={field}>
          Search agents
        </label>
        <Icon name="search" />
        <input
          id={field}
          type="search"
          className="bm-field"
          placeholder="Search by agent, provider or model"
          autoComplete="off"
          spellCheck={false}
          value={search}
          onChange={({ target }) => onSearch(target.value)}
        />
      </div>
      <p className="bm-note" role="status">
        {total === 0 ? "No agents" : `${from}–${to} of ${total}`}
      </p>
      <div className="bm-pager-pages">
        <ActionButton
          className="bm-icon-button"
          aria-label="Previous agents"
          blocked={page === 0}
          onClick={() => onPage(page - 1)}
        >
          <Icon name="earlier" />
        </ActionButton>
        <ActionButton
          className="bm-icon-button"
          aria-label="Next agents"
          blocked={page + 1 >= pages}
          onClick={() => onPage(page + 1)}
        >
          <Icon name="later" />
        </ActionButton>
      </div>
    </div>
  );
}
