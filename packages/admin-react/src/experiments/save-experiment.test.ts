import type { ExperimentSettings, ExperimentsData, PutBody, SavedData } from "@babylon/admin-api/contract";
import { expect, test } from "vitest";
import { saveExperiment } from "./save-experiment.ts";

const edited: ExperimentSettings = { state: "draft", unit: "agent", arms: [], metric: "m", direction: "up" };

function clientWith(stored: ExperimentSettings) {
  const saved: PutBody[] = [];
  return {
    saved,
    experiments: async (): Promise<ExperimentsData> => ({
      experiments: { x: stored },
      version: 7,
      reports: true,
      now: 0,
    }),
    // The reply is not read.
    save: async (body: PutBody) => {
      saved.push(body);
      return {} as SavedData;
    },
  };
}

test("a new experiment is one change", async () => {
  const client = clientWith(edited);
  await saveExperiment(client, { id: "new", patch: edited, edited: null });
  expect(client.saved).toEqual([{ patch: { experiments: { new: edited } }, reason: "new experiment new" }]);
});

test("an edited one is saved against the version in which it was still the same", async () => {
  const client = clientWith(edited);
  await saveExperiment(client, { id: "x", patch: { metric: "n" }, edited });
  const patch = { experiments: { x: { metric: "n" } } };
  expect(client.saved).toEqual([{ patch, reason: "edit experiment x", expectedVersion: 7 }]);
  await saveExperiment(client, { id: "x", patch: {}, edited });
  expect(client.saved).toHaveLength(1);
});

test("an edited one that somebody has changed since is not saved", async () => {
  const client = clientWith({ ...edited, audience: { agents: ["a"] } });
  const saving = saveExperiment(client, { id: "x", patch: { metric: "n" }, edited });
  await expect(saving).rejects.toMatchObject({ name: "RequestFailure", message: /x was changed since/ });
  expect(client.saved).toEqual([]);
});
