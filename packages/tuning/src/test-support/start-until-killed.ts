/** Starts a job in a process of its own, and kills it with SIGKILL before or after one of the writes of the journal. */
import type { TuningJournal } from "../contract/journal.ts";
import { createTuning } from "../create-tuning.ts";
import { openTuningJournal } from "../journal/open-tuning-journal.ts";
import { BASE_MODEL, wandbParts } from "./tuning-bed.ts";

const [url = "", dataset = "", trainingURL = "", artifactsURL = "", apiKey = "", write = "", when = ""] =
  process.argv.slice(2);
const journal = openTuningJournal({ url });
let writes = 0;

async function atWrite<T>(work: () => Promise<T>): Promise<T> {
  writes += 1;
  if (writes === Number(write) && when === "before") process.kill(process.pid, "SIGKILL");
  const result = await work();
  if (writes === Number(write) && when === "after") process.kill(process.pid, "SIGKILL");
  return result;
}

const killing: TuningJournal = {
  ...journal,
  create: (job) => atWrite(() => journal.create(job)),
  advance: (id, from, change) => atWrite(() => journal.advance(id, from, change)),
};
const tuning = createTuning({ ...wandbParts({ trainingURL, artifactsURL, apiKey }), journal: killing, pollMs: 1 });
await tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset, config: { epochs: 1, batchSize: 4 } });
await journal.close();
