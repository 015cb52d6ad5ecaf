import type { DatasetReport } from "../dataset/dataset.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import type { TuningEvent } from "../job/tuning-event.ts";
import type { JournalPromotion } from "./journal-promotion.ts";

/** A dataset as the journal has it: its report, and no example. */
export interface JournalDataset {
  /** The folder that it was written to. */
  readonly folder: string;
  /** When it became known to the journal. */
  readonly atEpochMs: number;
  readonly report: DatasetReport;
}

/** An event of a job, with its place among the events of the job. */
export interface JournalEvent {
  /** From 1, without gaps. */
  readonly number: number;
  readonly event: TuningEvent;
}

/** One message of a prompt, as text. */
export interface ExampleMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
}

/** A held-out example with both answers. Long texts are cut. */
export interface EvaluatedExample {
  /** Its place in the held-out examples, from 1. */
  readonly number: number;
  /** The last messages before the answer. */
  readonly prompt: readonly ExampleMessage[];
  /** The answer of the dataset. */
  readonly expected: string;
  /** `null`, here and below: the call failed. */
  readonly candidate: string | null;
  readonly baseline: string | null;
  /** By scorer, from 0 to 1; `null`: the scorer could not say. */
  readonly scores: Readonly<Record<string, readonly [candidate: number | null, baseline: number | null]>>;
}

/** An evaluation with some of its examples. */
export interface JournalEvaluation {
  readonly id: string;
  readonly report: EvaluationReport;
  readonly examples: readonly EvaluatedExample[];
}

/** An evaluation without content: the number of its examples. */
export interface JournalEvaluationSummary extends Omit<JournalEvaluation, "examples"> {
  readonly examples: number;
}

/** What a journal has for the people who look at it. Rejects with `StorageError`. */
export interface TuningHistory {
  /** Adds a dataset; one with the same training data replaces it. */
  addDataset(dataset: JournalDataset): Promise<void>;
  /** Newest first. */
  datasets(): Promise<readonly JournalDataset[]>;
  /** Events of a job whose number is higher than `after`, in order, at most `limit`. */
  events(jobId: string, after: number, limit: number): Promise<readonly JournalEvent[]>;
  /** The last event of a job; `null`: it has none. */
  latestEvent(jobId: string): Promise<JournalEvent | null>;
  /** Adds an evaluation. */
  addEvaluation(evaluation: JournalEvaluation): Promise<void>;
  /** Newest first, without content. */
  evaluations(): Promise<readonly JournalEvaluationSummary[]>;
  /** An evaluation with its examples; `null`: there is none with this id. */
  evaluation(id: string): Promise<JournalEvaluation | null>;
  /** The promotions of all names, newest first, those that were rolled back included. */
  allPromotions(): Promise<readonly JournalPromotion[]>;
}
