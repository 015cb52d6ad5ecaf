import type { CallRecord } from "@babylon/llm-core";
import type { RecordBatch } from "../contract/record-engine.ts";
import { type PackedContent, packRecord } from "../record/pack-record.ts";
import {
  MAX_BATCH_CHARS,
  MAX_BATCH_RECORDS,
  MAX_CONTENT_CHARS,
  MAX_QUEUED_CHARS,
  MAX_QUEUED_RECORDS,
} from "./record-limits.ts";

/** Some records of the queue. */
export interface QueuedBatch extends RecordBatch {
  /** Number of records. */
  readonly count: number;
}

/** Packed records in memory, in their order of arrival. */
export interface RecordQueue {
  /** Packs a record and adds it. Returns whether its content was left out because it is too long. Throws for a record that is not valid. */
  add(record: CallRecord): { readonly contentOmitted: boolean };
  /** Removes the oldest records; `null` if there are none. */
  take(): QueuedBatch | null;
  /** Puts a batch back that `take` returned: its records are the oldest again. */
  putBack(batch: QueuedBatch): void;
  readonly count: number;
  /** Whether there is more than memory may hold. */
  isOverfull(): boolean;
}

/** The last time of a `Date`. */
const MAX_EPOCH_MS = 8_640_000_000_000_000;

interface QueuedRecord {
  readonly line: string;
  readonly content: string | null;
}

const sizeOf = ({ line, content }: QueuedRecord): number => line.length + (content?.length ?? 0);

/** Creates an empty queue. */
export function createRecordQueue(): RecordQueue {
  /** Batches that were put back, the oldest first. */
  const returned: QueuedBatch[] = [];
  let returnedCount = 0;
  let records: QueuedRecord[] = [];
  let chars = 0;

  return {
    add(record) {
      if (!(record.startedAt >= 0 && record.startedAt <= MAX_EPOCH_MS)) {
        throw new TypeError("a record without the time of its start");
      }
      const line = JSON.stringify(packRecord(record));
      const content = packContent(record);
      const isOmitted = content !== null && content.length > MAX_CONTENT_CHARS;
      const queued = { line, content: isOmitted ? null : content };
      records.push(queued);
      chars += sizeOf(queued);
      return { contentOmitted: isOmitted };
    },
    take() {
      const first = returned.shift();
      if (first !== undefined) {
        returnedCount -= first.count;
        chars -= first.lines.length + first.contents.length;
        return first;
      }
      const count = countOfBatch(records);
      if (count === 0) return null;
      const taken = records.slice(0, count);
      records = records.slice(count);
      for (const queued of taken) chars -= sizeOf(queued);
      return toBatch(taken);
    },
    putBack(batch) {
      returned.unshift(batch);
      returnedCount += batch.count;
      chars += batch.lines.length + batch.contents.length;
    },
    get count() {
      return records.length + returnedCount;
    },
    isOverfull: () => records.length + returnedCount > MAX_QUEUED_RECORDS || chars > MAX_QUEUED_CHARS,
  };
}

function packContent({ callId, startedAt, content }: CallRecord): string | null {
  if (content === undefined) return null;
  const packed: PackedContent = [callId, startedAt, content];
  return JSON.stringify(packed);
}

function countOfBatch(records: readonly QueuedRecord[]): number {
  let chars = 0;
  for (const [index, queued] of records.entries()) {
    chars += sizeOf(queued);
    // At least one, whatever its size.
    if (index === MAX_BATCH_RECORDS || (chars > MAX_BATCH_CHARS && index > 0)) return index;
  }
  return records.length;
}

function toBatch(records: readonly QueuedRecord[]): QueuedBatch {
  return {
    count: records.length,
    lines: records.map(({ line }) => line).join("\n"),
    contents: records.flatMap(({ content }) => content ?? []).join("\n"),
  };
}
