import type { ChatExample } from "./chat-example.ts";
import type { DropReason } from "./drop-reason.ts";
import type { FileFacts } from "./file-facts.ts";

/** What is in a dataset, and why the other calls are not. Has no times, so that the same calls give the same report. */
export interface DatasetReport {
  /** Calls that were read. */
  readonly seen: number;
  /** Calls that became examples: `seen` minus the sum of `dropped`. */
  readonly kept: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** How often personal data was masked, by kind. */
  readonly masked: Readonly<Record<string, number>>;
  /** Examples by the provider that answered. */
  readonly sources: Readonly<Record<string, number>>;
  /** Groups of the split, of examples. */
  readonly groups: { readonly train: number; readonly test: number };
  /** Tokens of the examples, as their providers counted them; `null`: of some the number is not known. */
  readonly tokens: number | null;
  readonly allowSources: readonly string[];
  readonly split: { readonly test: number; readonly seed: string };
  readonly train: FileFacts;
  readonly test: FileFacts;
}

/** One side of a dataset. */
export interface DatasetPart extends FileFacts {
  /** A file of JSON lines. */
  readonly file: string;
  /** Reads the examples from the file. */
  examples(): AsyncIterable<ChatExample>;
}

/** Examples for training, and examples that are held out. */
export interface Dataset {
  readonly train: DatasetPart;
  readonly test: DatasetPart;
  readonly report: DatasetReport;
  /** Writes `train.jsonl`, `test.jsonl` and `report.json` into a folder, which is created. */
  write(folder: string): Promise<void>;
  /** Removes the temporary files. A dataset that was read from a folder keeps its files. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
