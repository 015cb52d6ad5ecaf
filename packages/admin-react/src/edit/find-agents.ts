import type { AgentSettings } from "@babylon/admin-api/contract";

/** Rows of a page. */
export const AGENTS_PER_PAGE = 10;

/** An agent with settings of its own. */
export type AgentEntry = readonly [id: string, agent: AgentSettings];

/** One page of the agents that match a search. */
export interface FoundAgents {
  readonly rows: readonly AgentEntry[];
  /** How many agents match. */
  readonly total: number;
  /** The page that is shown, from 0: the last one where the wanted one does not exist. */
  readonly page: number;
  readonly pages: number;
  /** The place of the first row among those that match, from 1; 0 without rows. */
  readonly from: number;
  readonly to: number;
}

function textOf([id, agent]: AgentEntry, nameOf: (provider: string) => string): string {
  const parts =
    "models" in agent ? Object.entries(agent.models) : "provider" in agent ? [[agent.provider, agent.model]] : [];
  const words = parts.flatMap(([provider, model]) =>
    provider == null ? [] : [provider, nameOf(provider), model ?? ""],
  );
  return [id, ...words].join(" ").toLowerCase();
}

/** Finds the agents with every word of the search in their id, providers or models, and returns a page of them. Pure. */
export function findAgents(
  agents: readonly AgentEntry[],
  search: string,
  wantedPage: number,
  nameOf: (provider: string) => string,
): FoundAgents {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = agents.filter((entry) => words.every((word) => textOf(entry, nameOf).includes(word)));
  const pages = Math.max(1, Math.ceil(found.length / AGENTS_PER_PAGE));
  const page = Math.min(Math.max(0, wantedPage), pages - 1);
  const rows = found.slice(page * AGENTS_PER_PAGE, (page + 1) * AGENTS_PER_PAGE);
  const from = rows.length === 0 ? 0 : page * AGENTS_PER_PAGE + 1;
  return { rows, total: found.length, page, pages, from, to: Math.max(0, from + rows.length - 1) };
}

/** The page on which an agent is, from 0. */
export function pageOfAgent(agents: readonly AgentEntry[], id: string): number {
  return Math.max(0, Math.floor(agents.findIndex(([each]) => each === id) / AGENTS_PER_PAGE));
}
