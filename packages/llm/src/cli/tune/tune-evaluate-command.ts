import { writeFile } from "node:fs/promises";
import { createLLMClient } from "@babylon/llm-core";
import type { EvaluationReport, PairedFigure } from "@babylon/tuning";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { chosenJob, evaluationFile, openCliTuning } from "./open-cli-tuning.ts";

/** Compares a trained model with the chain. */
export const tuneEvaluateCommand: Command = async (context) => {
  const { flags, operands, host, providers, environment, json, print } = context;
  const { store } = await openCliStore(context, "read");
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  const { tuning, journal } = await openCliTuning(context, { llm });
  try {
    const { exact, preferred, readDataset } = await import("@babylon/tuning");
    const job = await chosenJob(journal, operands);
    const { abortSignal } = host;
    const { provider, last } = await (await tuning.job(job.id)).result({ abortSignal });
    const rubric = textFlag(flags, "judge");
    const report = await tuning.evaluate({
      candidate: { provider, model: last.model },
      test: (await readDataset(job.folder)).test,
      scorers: [...(rubric === undefined ? [] : [preferred(llm, { rubric })]), exact()],
      maxExamples: wholeFlag(flags, "max-examples", 1),
      abortSignal,
    });
    await writeFile(evaluationFile(job), `${JSON.stringify(report, null, 2)}\n`);
    if (json) print.json({ ok: true, report });
    else print.lines(...toLines(report), print.styles.bold(`${report.verdict}: ${report.why}`));
    return EXIT.ok;
  } finally {
    await journal.close();
    await llm.close();
    await store.close();
  }
};

function toLines({ scores, latencyMs, costUsd, failures, pairs }: EvaluationReport): readonly string[] {
  const figures = { ...scores, "latency (ms)": latencyMs, "cost ($)": costUsd };
  return [
    ...formatTable([["", "candidate", "baseline", "difference", "from", "to"], ...Object.entries(figures).map(toRow)]),
    `${pairs} examples; failed: ${failures.candidate} of the candidate, ${failures.baseline} of the baseline`,
  ];
}

const toRow = ([name, { candidate, baseline, difference, interval }]: readonly [string, PairedFigure]): string[] => [
  name,
  ...[candidate, baseline, difference, interval?.[0] ?? null, interval?.[1] ?? null].map((value) =>
    value === null ? "?" : String(Number(value.toPrecision(3))),
  ),
];
