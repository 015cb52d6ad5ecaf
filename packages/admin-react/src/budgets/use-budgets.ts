import type { BudgetsData } from "@babylon/admin-api/contract";
import { type QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";

const REFRESH_MS = 5_000;
/** As many as one request may name. */
const MAX_OPEN = 20;

/** The budgets, and the windows whose spenders are shown. */
export interface BudgetFigures {
  readonly query: UseQueryResult<BudgetsData>;
  readonly open: readonly string[];
  setOpen(key: string, open: boolean): void;
}

/** The windows whose spenders are shown at first: those that are over or near their limits, else the most used one. Pure. */
export function openAtFirst({ windows, spenders }: Pick<BudgetsData, "windows" | "spenders">): readonly string[] {
  const known = windows.filter(({ key }) => spenders?.some((each) => each.key === key));
  const high = known.filter(({ level }) => level === "over" || level === "near");
  return (high.length === 0 ? known.slice(0, 1) : high).map(({ key }) => key);
}

/** Reads the budgets, and again every 5 seconds. At first with the spenders that the server chooses. */
export function useBudgets(client: AdminClient, queries: QueryClient): BudgetFigures {
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const query = useQuery(
    {
      queryKey: ["budgets", client.endpoint, chosen],
      queryFn: ({ signal }) =>
        // Without any name the server would choose.
        client.budgets(
          (chosen?.length === 0 ? [""] : (chosen ?? [])).map((key) => ["spenders", key] as const),
          signal,
        ),
      refetchInterval: REFRESH_MS,
      placeholderData: (before) => before,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const open = chosen ?? (query.data === undefined ? [] : openAtFirst(query.data));
  return {
    query,
    open,
    setOpen(key, isOpen) {
      const others = open.filter((each) => each !== key);
      setChosen(isOpen ? [...others, key].slice(-MAX_OPEN) : others);
    },
  };
}
