import type { ExperimentSettings } from "@babylon/admin-api/contract";
import type { AdminClient } from "../data/admin-client.ts";
import { RequestFailure } from "../data/request-failure.ts";
import type { ExperimentEdit } from "../edit/edit-experiment.ts";

/** A change of an experiment. */
export interface ExperimentChange {
  readonly id: string;
  readonly patch: ExperimentEdit;
  /** The experiment as it was when its form was opened; `null`: a new one. */
  readonly edited: ExperimentSettings | null;
}

/** The limit for reading the experiment before it is saved, milliseconds. */
const READ_MS = 10_000;

/**
 * Saves a change of the form. Throws `RequestFailure`, also if somebody has changed the experiment since the form was opened: the lists of one
 * would replace those of the other.
 */
export async function saveExperiment(
  client: Pick<AdminClient, "experiments" | "save">,
  { id, patch, edited }: ExperimentChange,
): Promise<void> {
  if (edited === null) {
    await client.save({ patch: { experiments: { [id]: patch } }, reason: `new experiment ${id}` });
    return;
  }
  if (Object.keys(patch).length === 0) return;
  const { experiments, version } = await client.experiments(AbortSignal.timeout(READ_MS));
  if (JSON.stringify(experiments[id]) !== JSON.stringify(edited)) {
    throw new RequestFailure("refused", `${id} was changed since this form was opened; discard it and edit again`);
  }
  await client.save({
    patch: { experiments: { [id]: patch } },
    reason: `edit experiment ${id}`,
    ...(version === null ? {} : { expectedVersion: version }),
  });
}
