import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@babylon/storage";
import type { QueuedBatch } from "./record-queue.ts";

/** Batches in files, for the time in which the engine is away. */
export interface Spill {
  /** Finds the batches of earlier processes. */
  open(): Promise<void>;
  /** Stores a batch. Removes the oldest batches beyond the limit, and returns the number of their records. Rejects if the disk refuses. */
  append(batch: QueuedBatch): Promise<number>;
  /** The oldest batch; `null` if there is none. */
  oldest(): Promise<SpilledBatch | null>;
  /** Number of records in the files. */
  readonly count: number;
}

/** A batch of a spill. */
export interface SpilledBatch {
  readonly batch: QueuedBatch;
  /** Removes it after it was written to the engine. */
  remove(): Promise<void>;
}

interface SpillFile {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** Time, process, sequence, number of records, bytes: enough to order and to count the batches without reading them. */
const NAME = /^\d{15}-[0-9a-z]+-\d{6}-(\d+)-(\d+)\.jsonl$/;
/** Between the calls and the contents of a file. Lines of JSON are not empty. */
const SEPARATOR = "\n\n";

/**
 * Creates a spill in a folder, one file for each batch. A file appears whole or not at all. Processes may share the folder; a batch that two
 * of them write is stored once.
 *
 * @param processId - different for each process that shares the folder
 */
export function createSpill(
  folder: string,
  { maxBytes, processId, now }: { readonly maxBytes: number; readonly processId: string; readonly now: () => number },
): Spill {
  let files: SpillFile[] = [];
  let sequence = 0;

  const bytesOf = (): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
  const countOf = (): number => files.reduce((sum, { count }) => sum + count, 0);

  async function remove(file: SpillFile): Promise<void> {
    files = files.filter((other) => other !== file);
    await rm(join(folder, file.name), { force: true });
  }

  return {
    async open() {
      const names = await readdir(folder).catch(() => []);
      files = names.sort().flatMap((name) => {
        const [, count, bytes] = NAME.exec(name) ?? [];
        return count === undefined ? [] : [{ name, count: Number(count), bytes: Number(bytes) }];
      });
    },
    async append({ lines, contents, count }) {
      const text = contents === "" ? lines : `${lines}${SEPARATOR}${contents}`;
      const bytes = Buffer.byteLength(text);
      sequence += 1;
      const time = String(now()).padStart(15, "0");
      const name = `${time}-${processId}-${String(sequence).padStart(6, "0")}-${count}-${bytes}.jsonl`;
      makeFolder(folder);
      const partial = join(folder, `${name}.partial`);
      await writeFile(partial, text);
      await rename(partial, join(folder, name));
      files.push({ name, count, bytes });
      let dropped = 0;
      while (files.length > 1 && bytesOf() > maxBytes) {
        const [oldest] = files;
        if (oldest === undefined) break;
        dropped += oldest.count;
        await remove(oldest);
      }
      return dropped;
    },
    async oldest() {
      for (;;) {
        const [file] = files;
        if (file === undefined) return null;
        const text = await readFile(join(folder, file.name), "utf8").catch((error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return null;
          throw error;
        });
        if (text === null) {
          // Another process has written this batch.
          files = files.filter((other) => other !== file);
          continue;
        }
        const [lines = "", contents = ""] = text.split(SEPARATOR);
        return { batch: { lines, contents, count: file.count }, remove: () => remove(file) };
      }
    },
    get count() {
      return countOf();
    },
  };
}

/** The spill of stores without one: it refuses every batch. */
export const NO_SPILL: Spill = {
  open: async () => {},
  append: () => Promise.reject(new Error("there is no folder for records while the engine is away")),
  oldest: async () => null,
  count: 0,
};
