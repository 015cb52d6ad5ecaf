import type { ExperimentLook } from "@babylon/admin-api/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useId, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { formatFigure, formatInterval } from "../words/describe-experiment.ts";
import { formatCount } from "../words/format-count.ts";
import { formatAgo } from "../words/format-time.ts";
import { IntervalBar } from "./interval-bar.tsx";

interface CourseViewProps {
  readonly id: string;
  readonly client: AdminClient;
  readonly queries: QueryClient;
}

const REFRESH_MS = 120_000;

/** The largest distance from 0 of all intervals; `null`: there are none. Pure. */
export function reachOf(looks: readonly ExperimentLook[]): number | null {
  const ends = looks.flatMap(({ comparison }) => comparison.flatMap(({ interval }) => interval ?? []));
  const reach = Math.max(0, ...ends.map(Math.abs));
  return reach === 0 ? null : reach;
}

function CourseTable({
  looks,
  now,
}: {
  readonly looks: readonly ExperimentLook[];
  readonly now: number;
}): ReactElement {
  const reach = reachOf(looks);
  const rows = looks.flatMap(({ at, comparison }) => comparison.map((each) => ({ at, ...each })));
  if (rows.length === 0) return <p className="bm-card bm-empty">No calls yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="bm-card bm-scroll" aria-label="Differences over time" tabIndex={0}>
      <table className="bm-numbers">
        <thead>
          <tr>
            {["Until", "Arm", "Units", "Difference", "Interval"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">Around 0</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, units, arm, difference, interval }) => (
            <tr key={`${at} ${arm}`} data-look={at}>
              <th scope="row">
                <time dateTime={new Date(at).toISOString()}>{formatAgo(at, now)}</time>
              </th>
              <td>{arm}</td>
              <td>{formatCount(units)}</td>
              <td>{formatFigure(difference)}</td>
              <td>{formatInterval(interval)}</td>
              <td>
                {interval !== null && reach !== null && (
                  <IntervalBar difference={difference} interval={interval} reach={reach} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Earlier looks at an experiment, read when they are opened: how its differences and their intervals have become narrower. */
export function CourseView({ id, client, queries }: CourseViewProps): ReactElement {
  const [open, setOpen] = useState(false);
  const region = useId();
  const course = useQuery(
    {
      queryKey: ["experiment-course", client.endpoint, id],
      queryFn: ({ signal }) => client.experimentCourse(id, signal),
      enabled: open,
      refetchInterval: REFRESH_MS,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  return (
    <div className="bm-stack">
      <div>
        <button
          type="button"
          className="bm-text-button"
          aria-expanded={open}
          aria-controls={region}
          onClick={() => setOpen(!open)}
        >
          {open ? "Hide the differences over time" : "Show the differences over time"}
        </button>
      </div>
      <div id={region} aria-live="polite">
        {open && course.data === undefined && course.error === null && (
          <p className="bm-note">Reading earlier looks…</p>
        )}
        {open && course.error !== null && (
          <p className="bm-problem">Earlier looks could not be read: {toRequestFailure(course.error).message}.</p>
        )}
        {open && course.data !== undefined && <CourseTable looks={course.data.looks} now={course.data.now} />}
      </div>
    </div>
  );
}
