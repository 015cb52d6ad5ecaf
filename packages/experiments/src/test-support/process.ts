/** A process that makes calls in an experiment, from as many agents as its job says, and ends. */
import { createLLMClient } from "@babylon/llm-core";
import { groq } from "@babylon/provider-groq";
import { wandb } from "@babylon/provider-wandb";
import { createSettingsStore } from "@babylon/settings-store";
import { createExperiments } from "../create-experiments.ts";
import { openExperimentRows } from "../rows/open-experiment-rows.ts";
import type { ProcessJob } from "./process-job.ts";

const job: ProcessJob = JSON.parse(process.argv[2] ?? "");
const settings = await createSettingsStore({ url: job.settingsUrl, env: {} });
const rows = await openExperimentRows({ url: job.rowsUrl });
const experiments = createExperiments({ rows, settings, guardEveryMs: null });
const llm = createLLMClient({
  providers: [wandb(), groq()],
  env: job.env,
  settings,
  router: experiments.router,
  recorders: [experiments.recorder],
  retry: { maxRetries: 0 },
});

let next = 0;
let failed = 0;
async function callInTurn(): Promise<void> {
  while (next < job.calls) {
    const call = next;
    next += 1;
    const options = { agent: `npc-${call % job.agents}`, callId: `${job.name}-${call}`, transport: "json" } as const;
    await llm.generateText({ prompt: "x", ...options }).catch(() => {
      failed += 1;
    });
  }
}
await Promise.all(Array.from({ length: job.concurrency }, callInTurn));
await llm.close();
await experiments.close();
await rows.close();
await settings.close();
process.stdout.write(JSON.stringify({ failed, lost: experiments.lost }));
