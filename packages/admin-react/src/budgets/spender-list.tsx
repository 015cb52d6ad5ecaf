import type { BudgetWindow, Spender, WindowSpenders } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { formatBudgetAmount } from "../words/format-budget-amount.ts";
import { formatCount } from "../words/format-count.ts";
import { nameGroup } from "../words/name-group.ts";

interface SpenderListProps {
  readonly spenders: WindowSpenders;
  readonly unit: BudgetWindow["unit"];
}

interface NamesProps {
  readonly title: string;
  readonly by: "agent" | "tenant";
  readonly unit: BudgetWindow["unit"];
  readonly spenders: readonly Spender[];
}

const unknownWords = (count: number, unit: BudgetWindow["unit"]): string =>
  `${unit === "usd" ? "cost" : "usage"} of ${formatCount(count)} ${count === 1 ? "attempt" : "attempts"} unknown`;

function Names({ title, by, unit, spenders }: NamesProps): ReactElement | null {
  if (spenders.length === 0) return null;
  return (
    <div className="bm-spenders">
      <h5>{title}</h5>
      <ol>
        {spenders.map(({ name, amount, unknown }) => (
          <li key={name}>
            <span className="bm-break">{nameGroup(by, name, String)}</span>
            <span className="bm-spender-amount">{formatBudgetAmount(amount, unit)}</span>
            {unknown > 0 && <span className="bm-note">{unknownWords(unknown, unit)}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Who spends in a window, from the records of calls. */
export function SpenderList({ spenders, unit }: SpenderListProps): ReactElement {
  const { agents, tenants } = spenders;
  if (agents.length + tenants.length === 0) return <p className="bm-note">No calls are recorded in this window.</p>;
  return (
    <div className="bm-spender-lists">
      <Names title="Agents" by="agent" unit={unit} spenders={agents} />
      <Names title="Tenants" by="tenant" unit={unit} spenders={tenants} />
    </div>
  );
}
