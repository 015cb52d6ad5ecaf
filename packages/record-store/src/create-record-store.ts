import type { CallRecord, Clock, Logger } from "@babylon/llm-core";
import { messageOf, StorageError } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { ReadQuery } from "./contract/calls-query.ts";
import type { RecordEngine } from "./contract/record-engine.ts";
import type { RecordStore } from "./contract/record-store.ts";
import { MAX_READ_CALLS } from "./queue/record-limits.ts";
import { createRecordWriter } from "./queue/record-writer.ts";
import type { Spill } from "./queue/spill.ts";
import { planCalls } from "./usage/plan-calls.ts";
import { planUsage } from "./usage/plan-usage.ts";

/** What a store is made of. */
export interface RecordStoreParts {
  readonly engine: RecordEngine;
  readonly spill: Spill;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

const PRUNE_MS = 3_600_000;
/** The first time: soon, because processes may live for less than an hour; later than a command runs. */
const FIRST_PRUNE_MS = 60_000;

/** Keeps the process alive until the work has settled: timers and workers of the store do not. */
async function awake<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 2 ** 30);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** The whole calls of a query, page by page. */
async function* readAll(engine: RecordEngine, query: ReadQuery = {}): AsyncGenerator<CallRecord> {
  for (let before: string | undefined; ; ) {
    const page = await engine.read(planCalls({ ...query, before, limit: MAX_READ_CALLS }));
    yield* page.records;
    if (page.next === null) return;
    before = page.next;
  }
}

/** Creates the store of an engine. */
export async function createRecordStore({
  engine,
  spill,
  clock,
  random,
  logger,
}: RecordStoreParts): Promise<RecordStore> {
  await spill.open();
  const writer = createRecordWriter({ engine, spill, clock, random, logger });
  let cancelPrune = (): void => {};
  let closing: Promise<void> | null = null;

  async function pruneInTurn(): Promise<void> {
    try {
      if (await engine.takeTurn(PRUNE_MS)) await engine.prune();
    } catch (error) {
      logger.warn("old records could not be removed", { reason: messageOf(error) });
    }
    if (closing === null) cancelPrune = startBackgroundTimer(clock, PRUNE_MS, () => void pruneInTurn());
  }

  cancelPrune = startBackgroundTimer(clock, FIRST_PRUNE_MS, () => void pruneInTurn());

  async function close(): Promise<void> {
    cancelPrune();
    await writer.close();
    await engine.close();
  }

  return {
    recorder: writer.recorder,
    location: engine.location,
    async usage(query) {
      const { onProgress = () => {}, abortSignal: signal = new AbortController().signal } = query;
      signal.throwIfAborted();
      return engine.usage(planUsage(query), { onProgress, signal });
    },
    calls: async (query) => engine.calls(planCalls(query)),
    read: (query) => readAll(engine, query),
    call: (callId, startedAt) => engine.call(callId, startedAt ?? null),
    async erase(request) {
      await awake(writer.flush());
      if (spill.count > 0) {
        const message = "records wait in files because the engine was away: erase again when they are stored";
        throw new StorageError({ message, applied: "no" });
      }
      return engine.erase(request);
    },
    prune: () => engine.prune(),
    flush: () => awake(writer.flush()),
    close() {
      closing ??= awake(close());
      return closing;
    },
    get dropped() {
      return writer.dropped;
    },
    get spilled() {
      return spill.count;
    },
  };
}
