import type { ExperimentSettings } from "@babylon/admin-api/contract";
import { audienceText } from "@babylon/experiments/contract";
import type { ReactElement } from "react";
import { isPlainClick } from "../parts/is-plain-click.ts";
import { type TabView, writeView } from "../usage/tab-view.ts";
import { STATE_WORDS } from "../words/describe-experiment.ts";

interface ExperimentTableProps {
  readonly experiments: Readonly<Record<string, ExperimentSettings>>;
  readonly view: TabView;
  onOpen(experiment: string): void;
}

/** The experiments of the settings. */
export function ExperimentTable({ experiments, view, onOpen }: ExperimentTableProps): ReactElement {
  const entries = Object.entries(experiments);
  if (entries.length === 0) {
    return <p className="bm-card bm-empty">No experiments yet. One compares two models on a part of the calls each.</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="bm-card bm-scroll" aria-label="Experiments" tabIndex={0}>
      <table className="bm-numbers bm-words">
        <thead>
          <tr>
            {["Experiment", "State", "Unit", "Audience", "Metric", "Arms"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(([id, { state, unit, audience, metric, arms, winner }]) => (
            <tr key={id} data-experiment={id}>
              <th scope="row">
                <a
                  className="bm-link"
                  href={writeView({ ...view, experiment: id }, location.search)}
                  onClick={(event) => {
                    if (!isPlainClick(event)) return;
                    event.preventDefault();
                    onOpen(id);
                  }}
                >
                  {id}
                </a>
              </th>
              <td>
                <span className="bm-state" data-tone={STATE_WORDS[state].tone}>
                  {STATE_WORDS[state].label}
                  {winner == null ? "" : `, winner ${winner}`}
                </span>
              </td>
              <td>{unit}</td>
              <td className="bm-audience">{audienceText(audience)}</td>
              <td>{metric}</td>
              <td>{arms.map(({ id: arm, weight }) => `${arm} ${weight / 100} %`).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
