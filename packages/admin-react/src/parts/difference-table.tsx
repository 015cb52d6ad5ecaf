import type { ReactElement } from "react";
import type { DifferenceWords } from "../words/describe-changes.ts";

/** Settings that a change would set, before and after. */
export function DifferenceTable({ differences }: { readonly differences: readonly DifferenceWords[] }): ReactElement {
  if (differences.length === 0) return <p className="bm-note">They are the same: nothing would change.</p>;
  return (
    <div className="bm-dialog-scroll">
      <table className="bm-difference">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Before (now)</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ key, subject, before, after }) => (
            <tr key={key}>
              <th scope="row" className="bm-break">
                {subject}
              </th>
              <td className="bm-break">{before}</td>
              <td className="bm-break">{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
