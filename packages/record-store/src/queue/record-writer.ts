import type { CallRecord, Clock, Logger, Recorder } from "@babylon/llm-core";
import { messageOf } from "@babylon/storage";
import { reconnectDelayMs, startBackgroundTimer } from "@babylon/storage/time";
import type { RecordEngine } from "../contract/record-engine.ts";
import { FLUSH_MS, MAX_BATCH_RECORDS } from "./record-limits.ts";
import { createRecordQueue, type QueuedBatch } from "./record-queue.ts";
import type { Spill } from "./spill.ts";

/** Moves records from the recorder to the engine. */
export interface RecordWriter {
  readonly recorder: Recorder;
  /** Resolves when the records so far are stored, spilled or dropped. Never rejects. */
  flush(): Promise<void>;
  /** Flushes; records that arrive later are dropped. */
  close(): Promise<void>;
  /** Records that are lost. */
  readonly dropped: number;
}

/** What a writer needs. */
export interface RecordWriterOptions {
  readonly engine: Pick<RecordEngine, "write">;
  readonly spill: Spill;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Batches that are moved to the spill at a time: a burst of 20,000 records in one turn of the event loop loses none. */
const MAX_RELIEVING = 20;

/** While the engine is away it is tried again after these delays. */
const BACKOFF = { minMs: 1_000, maxMs: 30_000 };

/** Creates a writer. Records are written each second, or when a batch is full; one batch at a time. */
export function createRecordWriter({ engine, spill, clock, random, logger }: RecordWriterOptions): RecordWriter {
  const queue = createRecordQueue();
  let dropped = 0;
  let isClosed = false;
  let cancelTimer: (() => void) | null = null;
  let running: Promise<void> | null = null;
  /** Batches that are being moved to the spill because the queue is full. */
  const relieving = new Set<Promise<unknown>>();
  let failures = 0;
  let retryAtMonoMs = 0;
  let hasWarned = false;

  const isAway = (): boolean => failures > 0;

  function drop(count: number, reason: string): void {
    if (count === 0) return;
    dropped += count;
    logger.error("records of calls were dropped", { count, dropped, reason });
  }

  function schedule(delayMs: number): void {
    if (cancelTimer !== null || isClosed) return;
    cancelTimer = startBackgroundTimer(clock, delayMs, () => {
      cancelTimer = null;
      void run(false);
    });
  }

  /** Writes a batch. `false`: the engine is away. */
  async function write(batch: QueuedBatch): Promise<boolean> {
    try {
      await engine.write(batch);
      if (isAway()) logger.info("records are stored again", { spilled: spill.count });
      failures = 0;
      return true;
    } catch (error) {
      failures += 1;
      retryAtMonoMs = clock.monotonic() + reconnectDelayMs(failures, BACKOFF, random);
      if (failures === 1) logger.error("records cannot be stored", { reason: messageOf(error) });
      return false;
    }
  }

  /** Moves a batch to the spill. Where that fails it stays in memory if there is room, else it is dropped. */
  async function spillBatch(batch: QueuedBatch): Promise<boolean> {
    try {
      drop(await spill.append(batch), "the files of the spill are full");
      return true;
    } catch (error) {
      queue.putBack(batch);
      while (queue.isOverfull()) drop(queue.take()?.count ?? 0, messageOf(error));
      return false;
    }
  }

  /** Writes the batches of the spill, the oldest first. `false`: the engine is away. */
  async function replay(): Promise<boolean> {
    for (;;) {
      const spilled = await spill.oldest().catch((error: unknown) => {
        logger.error("records in files cannot be read", { reason: messageOf(error) });
        return null;
      });
      if (spilled === null) return true;
      if (!(await write(spilled.batch))) return false;
      await spilled.remove().catch(() => {
        // Written again by the next process, without effect.
      });
    }
  }

  /** @param all - also a batch that is not full */
  async function drain(all: boolean): Promise<void> {
    if (isAway() && !all && clock.monotonic() < retryAtMonoMs) {
      await spillAll();
      return;
    }
    if (!(await replay())) {
      await spillAll();
      return;
    }
    // Records that arrive meanwhile have their turn later: a flush ends.
    let left = queue.count;
    while (left > 0) {
      const batch = queue.take();
      if (batch === null) return;
      left -= batch.count;
      if (await write(batch)) continue;
      if (await spillBatch(batch)) await spillAll();
      return;
    }
  }

  async function spillAll(): Promise<void> {
    for (let left = queue.count; left > 0; ) {
      const batch = queue.take();
      if (batch === null) return;
      left -= batch.count;
      if (!(await spillBatch(batch))) return;
    }
  }

  function run(all: boolean): Promise<void> {
    running ??= drain(all).finally(() => {
      running = null;
      if (queue.count >= MAX_BATCH_RECORDS && !isAway()) void run(false);
      else if (queue.count > 0 || spill.count > 0) schedule(FLUSH_MS);
    });
    return running;
  }

  /** The engine is slower than the calls: the oldest records go to the spill meanwhile. */
  function relieve(): void {
    if (relieving.size >= MAX_RELIEVING) {
      drop(queue.take()?.count ?? 0, "records arrive faster than they can be stored");
      return;
    }
    const batch = queue.take();
    if (batch === null) return;
    const moved = spillBatch(batch).finally(() => relieving.delete(moved));
    relieving.add(moved);
  }

  function record(call: CallRecord): void {
    if (isClosed) {
      drop(1, "the store is closed");
      return;
    }
    try {
      const { contentOmitted } = queue.add(call);
      if (contentOmitted && !hasWarned) {
        hasWarned = true;
        logger.warn("the content of a call is too long to be stored", { callId: call.callId });
      }
    } catch (error) {
      drop(1, messageOf(error));
      return;
    }
    if (queue.isOverfull()) relieve();
    if (queue.count >= MAX_BATCH_RECORDS && running === null && !isAway()) void run(false);
    else schedule(FLUSH_MS);
  }

  async function flush(): Promise<void> {
    // A drain that is running may have passed the newest records.
    await running;
    await Promise.all(relieving);
    await run(true);
  }

  if (spill.count > 0) schedule(FLUSH_MS);

  return {
    recorder: record,
    flush,
    async close() {
      if (isClosed) return;
      await flush();
      isClosed = true;
      cancelTimer?.();
      await running;
      while (queue.count > 0) drop(queue.take()?.count ?? 0, "the store was closed while the engine was away");
    },
    get dropped() {
      return dropped;
    },
  };
}
