import type { ExperimentReport } from "@babylon/experiments";
import { createLLMClient } from "@babylon/llm-core";
import type { CanaryOptions, CanaryOutcome } from "@babylon/tuning";
import { decimalFlag, listFlag, secondsFlag, textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliExperiments } from "../experiments/open-cli-experiments.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { updateOptions } from "../settings/update-options.ts";
import { chosenJob, openCliTuning, readEvaluation } from "./open-cli-tuning.ts";

/** Gives a trained model a small share of the calls, and watches until that has ended. */
export const tuneCanaryCommand: Command = async (context) => {
  const { operands, host, providers, environment, json, print } = context;
  const options = await canaryOptions(context);
  const { store } = await openCliStore(context, "write");
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  try {
    const { experiments, rows } = await openCliExperiments(context, store);
    const { tuning, journal } = await openCliTuning(context, { llm, settings: store, experiments });
    try {
      const job = await chosenJob(journal, operands);
      const { abortSignal } = host;
      const tuned = await (await tuning.job(job.id)).result({ abortSignal });
      const candidate = { ...tuned, model: tuned.last.model };
      const running = await tuning.findCanary(candidate, options);
      const report = await readEvaluation(job);
      const canary = running ?? (await tuning.canary(candidate, { ...options, report, abortSignal }));
      if (!json)
        print.lines(`${print.styles.bold(canary.experiment)} ${running === null ? "has started" : "is running"}`);
      const outcome = await canary.result({ abortSignal });
      if (json) print.json({ ok: outcome.outcome === "passed", experiment: canary.experiment, ...outcome }, "line");
      else print.lines(outcomeLine(outcome, context));
      return outcome.outcome === "passed" ? EXIT.ok : EXIT.failed;
    } finally {
      await journal.close();
      await rows.close();
    }
  } finally {
    await llm.close();
    await store.close();
  }
};

async function canaryOptions(context: CommandContext): Promise<CanaryOptions> {
  const { flags, json, print } = context;
  const plannedUnits = wholeFlag(flags, "units", 1);
  if (plannedUnits === undefined) {
    throw new UsageError(
      "--units is missing: agents or sessions of both arms after which it has passed, such as --units 2000",
    );
  }
  const unit = textFlag(flags, "unit") ?? "agent";
  if (unit !== "agent" && unit !== "session" && unit !== "call") {
    throw new UsageError(`--unit: expected agent, session or call, got "${unit}"`);
  }
  const { failureRate, fallbackRate, p95LatencyMs } = await import("@babylon/tuning");
  const { actor, reason } = updateOptions(context);
  return {
    plannedUnits,
    unit,
    weight: decimalFlag(flags, "weight"),
    agents: listFlag(flags, "agents"),
    purposes: listFlag(flags, "purposes"),
    tenants: listFlag(flags, "tenants"),
    guardrails: [
      failureRate({ worseBy: decimalFlag(flags, "failures") ?? 0.02 }),
      fallbackRate({ worseBy: decimalFlag(flags, "fallbacks") ?? 0.05 }),
      p95LatencyMs({ times: decimalFlag(flags, "p95") ?? 1.5 }),
    ],
    force: textFlag(flags, "force"),
    checkEveryMs: secondsFlag(flags, "every"),
    actor,
    reason,
    onLook: (report) => (json ? print.json(report, "line") : print.lines(lookLine(report))),
  };
}

function lookLine({ units, plannedUnits, arms, verdict, guardrails }: ExperimentReport): string {
  const counts = arms.map((arm) => `${arm.id} ${arm.units}`).join(", ");
  const unclear = guardrails.filter(({ state }) => state === "violated").map(({ metric }) => `${metric} violated`);
  return [`${units} of ${plannedUnits ?? "?"} units (${counts})`, verdict, ...unclear].join(", ");
}

function outcomeLine({ outcome, why }: CanaryOutcome, { print }: CommandContext): string {
  const { good, bad } = print.styles;
  return `${outcome === "passed" ? good(outcome) : bad(outcome)}: ${why}`;
}
