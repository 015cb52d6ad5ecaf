import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { invalidInput, isRecord } from "@babylon/llm-core";
import { makeFolder, messageOf } from "@babylon/storage";
import type { ChatExample } from "./chat-example.ts";
import type { Dataset, DatasetPart, DatasetReport } from "./dataset.ts";
import type { FileFacts } from "./file-facts.ts";
import { factsOfFile, linesOfFile } from "./line-file.ts";

/** The names of the files of a dataset. */
export const DATASET_FILES = { train: "train.jsonl", test: "test.jsonl", report: "report.json" } as const;

/** The dataset of a folder with the three files. */
export function openDataset(folder: string, report: DatasetReport, isTemporary: boolean): Dataset {
  const close = async (): Promise<void> => {
    if (isTemporary) await rm(folder, { recursive: true, force: true });
  };
  const [train, test] = [join(folder, DATASET_FILES.train), join(folder, DATASET_FILES.test)];
  return {
    train: toPart(train, report.train),
    test: toPart(test, report.test),
    report,
    async write(target) {
      makeFolder(target);
      await copyFile(train, join(target, DATASET_FILES.train));
      await copyFile(test, join(target, DATASET_FILES.test));
      await writeFile(join(target, DATASET_FILES.report), reportText(report));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const reportText = (report: DatasetReport): string => `${JSON.stringify(report, null, 2)}\n`;

function toPart(file: string, facts: FileFacts): DatasetPart {
  return {
    ...facts,
    file,
    async *examples() {
      // Lines of a dataset are written by this package, or checked when it is read.
      for await (const line of linesOfFile(file)) yield JSON.parse(line) as ChatExample;
    },
  };
}

/**
 * Reads a dataset that was written before. Rejects with `invalid_input` if a file is missing or differs from the report: what was scrubbed and
 * judged is not what would be uploaded then.
 */
export async function readDataset(folder: string): Promise<Dataset> {
  let report: unknown;
  try {
    report = JSON.parse(await readFile(join(folder, DATASET_FILES.report), "utf8"));
  } catch (thrown) {
    throw invalidInput("folder", `a folder with ${DATASET_FILES.report}: ${messageOf(thrown)}`);
  }
  for (const side of ["train", "test"] as const) {
    const facts = isRecord(report) ? report[side] : undefined;
    const sha256 = isRecord(facts) ? facts.sha256 : undefined;
    const found = await factsOfFile(join(folder, DATASET_FILES[side])).catch((thrown: unknown) => {
      throw invalidInput("folder", `a folder with ${DATASET_FILES[side]}: ${messageOf(thrown)}`);
    });
    if (found.sha256 !== sha256) {
      throw invalidInput(
        "folder",
        `${DATASET_FILES[side]} as ${DATASET_FILES.report} describes it: its SHA-256 differs`,
      );
    }
  }
  // The digests are those of the report, so it is one that this package has written.
  return openDataset(folder, report as DatasetReport, false);
}
