import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallSource } from "../contract/call-source.ts";
import { TuningError } from "../contract/tuning-error.ts";
import { checkDatasetOptions } from "./check-dataset-options.ts";
import type { Dataset } from "./dataset.ts";
import type { DatasetOptions } from "./dataset-options.ts";
import { createExampleSink } from "./example-sink.ts";
import { openDataset } from "./open-dataset.ts";

/**
 * Makes a dataset for fine-tuning from recorded calls: a stream, whose memory does not grow with the content. The same calls in the same order and the
 * same options give the same bytes.
 *
 * Rejects with `invalid_input` for options, and with `too_few_examples`.
 */
export async function buildDataset(records: CallSource, options: DatasetOptions): Promise<Dataset> {
  checkDatasetOptions(options);
  const { limits = {}, abortSignal, workFolder = tmpdir() } = options;
  const folder = await mkdtemp(join(workFolder, "babylon-dataset-"));
  try {
    const sink = await createExampleSink(folder, options);
    try {
      for await (const record of "read" in records ? records.read() : records) {
        abortSignal?.throwIfAborted();
        await sink.add(record);
      }
    } finally {
      await sink.close();
    }
    const report = sink.report();
    const least = limits.minExamples ?? 1;
    if (report.kept < least) {
      const reasons = Object.entries(report.dropped).filter(([, count]) => count > 0);
      const why = reasons.map(([reason, count]) => `${reason} ${count}`).join(", ");
      throw new TuningError(
        "too_few_examples",
        `${report.kept} of ${report.seen} calls became examples, and limits.minExamples is ${least}${why === "" ? "" : `; left out: ${why}`}`,
      );
    }
    return openDataset(folder, report, true);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}
