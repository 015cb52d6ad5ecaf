import type { JobSummary } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";

/** The steps of a job as a bar. Striped while the number of steps is not known. */
export function StepMeter({ job, text }: { readonly job: JobSummary; readonly text: string }): ReactElement {
  const { name, step, steps } = job;
  const known = steps !== null && steps > 0;
  return (
    <div
      className="bm-meter"
      role="progressbar"
      aria-label={`Training of ${name}`}
      aria-valuemin={0}
      aria-valuemax={known ? steps : undefined}
      aria-valuenow={known ? Math.min(step, steps) : undefined}
      aria-valuetext={text}
      data-unknown={!known}
    >
      {known && (
        <span className="bm-meter-part" data-part="spent" style={{ width: `${Math.min(1, step / steps) * 100}%` }} />
      )}
    </div>
  );
}
