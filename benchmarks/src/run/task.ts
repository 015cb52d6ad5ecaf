import { performance } from "node:perf_hooks";
import type { Contestant, Target } from "../contestants/contestant.ts";
import { ANSWER, CHUNKS, PIECE } from "../mock/wire.ts";

/** What a process is asked to do. `count`: calls, or streams. */
export interface Task {
  readonly kind: "json" | "chunks" | "first-chunk";
  readonly target: Target;
  readonly count: number;
  /** Calls at a time. */
  readonly parallel: number;
}

/** Does the task and returns its figure: microseconds of CPU per call or per chunk, or milliseconds to the first chunk (median). */
export async function doTask(contestant: Contestant, { kind, count, parallel }: Task): Promise<number> {
  if (kind === "first-chunk") return median(await repeat(count, () => timeToFirst(contestant)));
  const before = process.cpuUsage();
  if (kind === "json") {
    const lane = (): Promise<unknown> => repeat(Math.ceil(count / parallel), () => wholeAnswer(contestant));
    await Promise.all(Array.from({ length: parallel }, lane));
  } else {
    await repeat(count, () => wholeStream(contestant));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (kind === "json" ? Math.ceil(count / parallel) * parallel : count * CHUNKS);
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

async function wholeStream(contestant: Contestant): Promise<void> {
  let length = 0;
  for await (const piece of contestant.stream()) length += piece.length;
  if (length !== PIECE.length * CHUNKS && !contestant.unread) throw new Error(`a stream of ${length} characters`);
}

async function timeToFirst(contestant: Contestant): Promise<number> {
  const start = performance.now();
  let first: number | null = null;
  for await (const _ of contestant.stream()) first ??= performance.now() - start;
  if (first === null) throw new Error("a stream without a chunk");
  return first;
}

/** The middle one; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}
