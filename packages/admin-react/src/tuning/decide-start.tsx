import type { JobAction, JobSummary } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { TextLine } from "../parts/text-line.tsx";

interface DecideStartProps {
  readonly job: JobSummary;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly readOnly: boolean;
  nameOf(provider: string): string;
  onDecided(): void;
}

/** The reply to a start was lost: what an operator has to find out, and both decisions. */
export function DecideStart({ job, client, queries, readOnly, nameOf, onDecided }: DecideStartProps): ReactElement {
  const [jobId, setJobId] = useState("");
  const [tried, setTried] = useState(false);
  const [sure, setSure] = useState(false);
  const decide = useMutation(
    {
      networkMode: "always",
      mutationFn: (body: JobAction) => client.decideJob(job.id, body),
      onSettled: onDecided,
    },
    queries,
  );
  const vendor = nameOf(job.trainer);
  const blocked = readOnly || decide.isPending;

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (jobId.trim() !== "" && !blocked) decide.mutate({ action: "started", jobId: jobId.trim() });
  }
  return (
    <section className="bm-card bm-decide" aria-labelledby="bm-decide-title">
      <h2 id="bm-decide-title">Did this training start?</h2>
      <p>
        The reply to the start was lost, so nothing is started again by itself: a second start would be a second
        training. Look at {vendor} for a training of the model{" "}
        <code className="bm-break">
          {job.name}-{job.id}
        </code>
        , and decide.
      </p>
      <div className="bm-sides">
        <form className="bm-side bm-stack" onSubmit={onSubmit} noValidate>
          <h3>It did start</h3>
          <TextLine
            label={`Its id at ${vendor}`}
            value={jobId}
            mono
            problem={tried && jobId.trim() === "" ? "Enter the id." : undefined}
            onChange={setJobId}
          />
          <div>
            <button type="submit" className="bm-button" aria-disabled={blocked}>
              Go on with this training
            </button>
          </div>
        </form>
        <div className="bm-side bm-stack">
          <h3>It did not start</h3>
          <label className="bm-check">
            <input type="checkbox" checked={sure} onChange={({ target }) => setSure(target.checked)} /> {vendor} has no
            training of this model
          </label>
          <div>
            <ActionButton
              className="bm-button"
              blocked={blocked || !sure}
              onClick={() => decide.mutate({ action: "not-started" })}
            >
              {decide.isPending ? "Saving…" : "Start it now"}
            </ActionButton>
          </div>
        </div>
      </div>
      {decide.error !== null && (
        <p className="bm-problem" role="alert">
          Not decided: {toRequestFailure(decide.error).message}.
        </p>
      )}
      <p className="bm-note">The log has your name and the decision.</p>
    </section>
  );
}
