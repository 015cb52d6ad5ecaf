import { performance } from "node:perf_hooks";
import type { Contestant, Target } from "../contestants/contestant.ts";
import { ANSWER, CHUNKS, PACED_CHUNKS, PIECE } from "../mock/wire.ts";

/** The task of a worker process. `count`: calls, or streams. */
export interface Task {
  readonly kind: "json" | "burst" | "paced" | "first-chunk";
  readonly target: Target;
  readonly count: number;
  /** Parallel calls. Paced streams all run in parallel. */
  readonly parallel: number;
}

/** The starts of paced streams are spread over this time, in milliseconds. */
const SPREAD_MS = 20;

/** The maximum load of the event loop. Above it, a process reads several tokens at once instead of one at the server's pace. */
const MOST_BUSY = 0.8;

/**
 * Runs the task and returns its figure: microseconds of CPU per call or per chunk, or milliseconds to the first chunk (median). `null`
 * if the round is void, because the event loop was too busy.
 */
export async function doTask(contestant: Contestant, { kind, count, parallel }: Task): Promise<number | null> {
  switch (kind) {
    case "first-chunk":
      return median(await repeat(count, () => timeToFirst(contestant)));
    case "json": {
      const perLane = Math.ceil(count / parallel);
      const lane = (): Promise<unknown> => repeat(perLane, () => wholeAnswer(contestant));
      return cpuPer(perLane * parallel, () => Promise.all(Array.from({ length: parallel }, lane)));
    }
    case "burst":
      return cpuPer(count * CHUNKS, () => repeat(count, () => wholeStream(contestant, CHUNKS)));
    case "paced": {
      const before = performance.eventLoopUtilization();
      const figure = await cpuPer(count * PACED_CHUNKS, () => pacedStreams(contestant, count));
      return performance.eventLoopUtilization(before).utilization > MOST_BUSY ? null : figure;
    }
  }
}

/** Microseconds of CPU for each unit of the work. */
async function cpuPer(units: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / units;
}

async function pacedStreams(contestant: Contestant, count: number): Promise<void> {
  const start = async (index: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (index * SPREAD_MS) / count));
    await wholeStream(contestant, PACED_CHUNKS);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => start(index)));
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let done = 0; done < times; done += 1) results.push(await work());
  return results;
}

async function wholeAnswer(contestant: Contestant): Promise<void> {
  const text = await contestant.json();
  if (text !== ANSWER && !contestant.unread) throw new Error(`a wrong answer: ${text}`);
}

async function wholeStream(contestant: Contestant, chunks: number): Promise<void> {
  let length = 0;
  for await (const piece of contestant.stream()) length += piece.length;
  if (length !== PIECE.length * chunks && !contestant.unread) throw new Error(`a stream of ${length} characters`);
}

async function timeToFirst(contestant: Contestant): Promise<number> {
  const start = performance.now();
  let first: number | null = null;
  for await (const _ of contestant.stream()) first ??= performance.now() - start;
  if (first === null) throw new Error("a stream without a chunk");
  return first;
}

/** The median; for an even count the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}
