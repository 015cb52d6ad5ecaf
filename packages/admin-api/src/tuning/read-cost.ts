import { type Cost, cleanCause, type Logger } from "@babylon/llm-core";
import type { JournalJob } from "@babylon/tuning/contract";
import type { AdminTuning } from "../admin-shapes.ts";

/** What a training has cost, as far as its trainer says it. */
export interface ReadCost {
  readonly cost: Cost | null;
  readonly costNote: string | null;
}

const UNKNOWN: ReadCost = { cost: null, costNote: null };

/** Reads what a job has cost once it has ended. Never rejects: without the trainer the page has all the rest. */
export async function readCost(
  tuning: AdminTuning,
  { id, state }: JournalJob,
  logger: Logger,
  abortSignal: AbortSignal,
): Promise<ReadCost> {
  if (state !== "ended") return UNKNOWN;
  try {
    const { cost, costNote = null } = await (await tuning.job(id)).result({ abortSignal });
    return { cost, costNote };
  } catch (thrown) {
    logger.warn("the cost of a training could not be read", { job: id, error: cleanCause(thrown)?.message ?? null });
    return { cost: null, costNote: "The trainer could not be asked." };
  }
}
