import type { ReactElement, ReactNode } from "react";

/** A name and its value; `null` leaves it out. */
export type Fact = readonly [name: string, value: ReactNode];

/** Names and values in columns. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }): ReactElement {
  return (
    <dl className="bm-facts">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="bm-break">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
