import { isRecord } from "@babylon/llm-core";
import type { AdminErrorCode } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";

/** Codes of a tuning, and those that are sent for them. */
const CODES: Readonly<Record<string, AdminErrorCode>> = {
  not_better: "not_better",
  not_servable: "not_servable",
  conflict: "tuning_conflict",
  unknown_job: "unknown_job",
  start_unknown: "start_unknown",
  refused: "trainer_refused",
  training_failed: "trainer_refused",
  unavailable: "trainer_unavailable",
  protocol: "trainer_unavailable",
  timeout: "trainer_unavailable",
};

/** Runs one access to a tuning. Throws `AdminError` for what a tuning and its journal reject with; errors of settings are passed on. */
export async function withTuning<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    throw toFailure(thrown);
  }
}

function toFailure(thrown: unknown): unknown {
  if (!isRecord(thrown)) return thrown;
  if (thrown.name === "StorageError") {
    return new AdminError("tuning_unavailable", "the journal of the trainings cannot be reached");
  }
  // By its name: the class is one of a package that this one does not load.
  if (thrown.name !== "TuningError" || typeof thrown.code !== "string") return thrown;
  const code = CODES[thrown.code];
  return code === undefined ? thrown : new AdminError(code, String(thrown.message));
}
