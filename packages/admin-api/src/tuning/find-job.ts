import type { JournalJob } from "@babylon/tuning/contract";
import type { AdminTuning } from "../admin-shapes.ts";
import { AdminError } from "../http/admin-error.ts";
import { withTuning } from "./tuning-failure.ts";

/** A job of the journal. Throws `unknown_job`. */
export async function findJob(tuning: AdminTuning, id: string): Promise<JournalJob> {
  const job = (await withTuning(() => tuning.jobs())).find((each) => each.id === id);
  if (job === undefined) throw new AdminError("unknown_job", "the journal has no such job");
  return job;
}
