import type { Clock, Logger } from "@babylon/llm-core";
import { messageOf } from "@babylon/storage";
import { reconnectDelayMs, startBackgroundTimer } from "@babylon/storage/time";
import type { ExperimentRows, ExposureRow, ObservationRow } from "./experiment-rows.ts";

/** Moves rows from calls to the database. */
export interface RowWriter {
  /** Adds an exposure. Returns at once. */
  expose(row: ExposureRow): void;
  /** Adds an observation. Returns at once. */
  observe(row: ObservationRow): void;
  /** Resolves when the rows so far are stored, or the database is away. */
  flush(): Promise<void>;
  /** Flushes; rows that arrive later are lost. */
  close(): Promise<void>;
  /** Rows of this process that are lost. */
  readonly lost: number;
  /** Rows that wait for the database. */
  readonly waiting: number;
}

/** What a writer needs. */
export interface RowWriterOptions {
  readonly rows: Pick<ExperimentRows, "add">;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

const FLUSH_MS = 1_000;
const BATCH = 500;

/** Rows that wait in memory while the database is away: about 30 MB. */
const MAX_WAITING = 100_000;

/** While the database is away it is tried again after these delays. */
const BACKOFF = { minMs: 1_000, maxMs: 30_000 };

type Queued = { readonly exposure: ExposureRow } | { readonly observation: ObservationRow };

/** Creates a writer: rows are stored each second or when a batch is full, one batch at a time, in their order. */
export function createRowWriter({ rows, clock, random, logger }: RowWriterOptions): RowWriter {
  let queue: Queued[] = [];
  let lost = 0;
  let failures = 0;
  let isClosed = false;
  let running: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;

  function lose(count: number, reason: string): void {
    lost += count;
    logger.error("rows of experiments were lost", { count, lost, reason });
  }

  function schedule(delayMs: number): void {
    if (cancelTimer !== null || isClosed) return;
    cancelTimer = startBackgroundTimer(clock, delayMs, () => {
      cancelTimer = null;
      void run();
    });
  }

  async function drain(): Promise<void> {
    for (let left = queue.length; left > 0; ) {
      const batch = queue.slice(0, BATCH);
      try {
        await rows.add({
          exposures: batch.flatMap((row) => ("exposure" in row ? [row.exposure] : [])),
          observations: batch.flatMap((row) => ("observation" in row ? [row.observation] : [])),
        });
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.error("rows of experiments cannot be stored", { reason: messageOf(error) });
        return;
      }
      // The oldest may have been dropped meanwhile.
      const stored = new Set(batch);
      queue = queue.filter((row) => !stored.has(row));
      failures = 0;
      left -= batch.length;
    }
  }

  function run(): Promise<void> {
    running ??= drain().finally(() => {
      running = null;
      if (queue.length > 0) schedule(failures > 0 ? reconnectDelayMs(failures, BACKOFF, random) : FLUSH_MS);
    });
    return running;
  }

  function add(row: Queued): void {
    if (isClosed) {
      lose(1, "experiments are closed");
      return;
    }
    queue.push(row);
    if (queue.length > MAX_WAITING) {
      queue = queue.slice(BATCH);
      lose(BATCH, "the database is away or too slow");
    }
    if (queue.length >= BATCH && running === null && failures === 0) void run();
    else schedule(FLUSH_MS);
  }

  async function flush(): Promise<void> {
    // A run that is under way may have begun before the newest rows.
    await running;
    await run();
  }

  return {
    expose: (exposure) => add({ exposure }),
    observe: (observation) => add({ observation }),
    flush,
    async close() {
      if (isClosed) return;
      await flush();
      isClosed = true;
      cancelTimer?.();
      if (queue.length > 0) lose(queue.length, "experiments were closed while the database was away");
      queue = [];
    },
    get lost() {
      return lost;
    },
    get waiting() {
      return queue.length;
    },
  };
}
