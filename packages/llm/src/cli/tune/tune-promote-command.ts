import { createLLMClient } from "@babylon/llm-core";
import { textFlag } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { updateOptions } from "../settings/update-options.ts";
import { chosenJob, openCliJournal, openCliTuning, readEvaluation } from "./open-cli-tuning.ts";

/** Puts a trained model into the chain. */
export const tunePromoteCommand: Command = async (context) => {
  const { flags, operands, host, providers, environment, json, print } = context;
  const changes = updateOptions(context);
  const { store, location } = await openCliStore(context, "write");
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  const { tuning, journal } = await openCliTuning(context, { llm, settings: store });
  try {
    const job = await chosenJob(journal, operands);
    const { abortSignal } = host;
    const tuned = await (await tuning.job(job.id)).result({ abortSignal });
    const rollout = await tuning.promote(
      { ...tuned, model: tuned.last.model },
      {
        ...changes,
        report: await readEvaluation(job),
        force: textFlag(flags, "force"),
        agents: textFlag(flags, "agents")?.split(","),
        abortSignal,
      },
    );
    if (json) print.json({ ok: true, ...rollout, location });
    else print.lines(`${print.styles.bold(`Version ${rollout.version}`)}: ${rollout.model} is in the chain`);
    return EXIT.ok;
  } finally {
    await journal.close();
    await llm.close();
    await store.close();
  }
};

/** Restores what a promotion has replaced. */
export const tuneRollBackCommand: Command = async (context) => {
  const { operands, json, print, host } = context;
  const changes = updateOptions(context);
  const { store, location } = await openCliStore(context, "write");
  const journal = await openCliJournal(context);
  try {
    const { createRollouts } = await import("@babylon/tuning");
    const { version, model } = await createRollouts({ journal, settings: store, clock: host.clock }).rollBack(
      operands[0] ?? "",
      changes,
    );
    const now = model === "" ? "the provider's default model" : model;
    if (json) print.json({ ok: true, version, model: model === "" ? null : model, location });
    else print.lines(`${print.styles.bold(`Version ${version}`)}: back to ${now}`);
    return EXIT.ok;
  } finally {
    await journal.close();
    await store.close();
  }
};
