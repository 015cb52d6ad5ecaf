import type { ReactElement, ReactNode } from "react";

interface TableCardProps {
  /** What it lists, for screen readers: `trainings`. */
  readonly label: string;
  readonly heads: readonly string[];
  /** Texts, not numbers: aligned at the start. */
  readonly words?: boolean;
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table on a card that scrolls where there is little room. */
export function TableCard({ label, heads, words = false, children }: TableCardProps): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="bm-card bm-scroll" aria-label={`Table of ${label}`} tabIndex={0}>
      <table className={words ? "bm-numbers bm-words" : "bm-numbers"}>
        <thead>
          <tr>
            {heads.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
