import { createReadStream } from "node:fs";
import { appendFile, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What a file of a day has. */
export type DayFileKind = "calls" | "content";

const DAY_MS = 86_400_000;
const NAME = /^(calls|content)-(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** The files of a folder, one for each kind and day (UTC). */
export interface DayFiles {
  /** Adds lines to the file of a day. */
  append(kind: DayFileKind, day: string, lines: readonly string[]): Promise<void>;
  /** The days with a file, ascending. */
  days(kind: DayFileKind): Promise<readonly string[]>;
  /** Lines that are JSON; the last line of a process that was killed may not be. */
  read(kind: DayFileKind, day: string): AsyncIterable<unknown>;
  /** Replaces a file; no lines remove it. */
  replace(kind: DayFileKind, day: string, lines: readonly string[]): Promise<void>;
}

/** The day (UTC) of a time, `YYYY-MM-DD`. */
export const utcDayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** The first millisecond of a day. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The first millisecond after a day. */
export const endOfDay = (day: string): number => startOfDay(day) + DAY_MS;

/** The files of a folder that exists. */
export function createDayFiles(folder: string): DayFiles {
  const pathOf = (kind: DayFileKind, day: string): string => join(folder, `${kind}-${day}.jsonl`);
  /** Files whose last line is known to be complete. */
  const complete = new Set<string>();

  return {
    async append(kind, day, lines) {
      const path = pathOf(kind, day);
      const start = complete.has(path) || (await endsWithLine(path)) ? "" : "\n";
      complete.delete(path);
      await appendFile(path, `${start}${lines.join("\n")}\n`);
      complete.add(path);
    },
    async days(kind) {
      const names = await readdir(folder);
      return names
        .flatMap((name) => {
          const [, found, day] = NAME.exec(name) ?? [];
          return found === kind && day !== undefined ? [day] : [];
        })
        .sort();
    },
    read: (kind, day) => readLines(pathOf(kind, day)),
    async replace(kind, day, lines) {
      const path = pathOf(kind, day);
      if (lines.length === 0) {
        await rm(path, { force: true });
        return;
      }
      await writeFile(`${path}.new`, `${lines.join("\n")}\n`);
      await rename(`${path}.new`, path);
    },
  };
}

/** Whether a file is empty, does not exist, or ends with a complete line. */
async function endsWithLine(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return true;
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
}

async function* readLines(path: string): AsyncGenerator<unknown> {
  const stream = createReadStream(path);
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      const value = parseLine(line);
      if (value !== undefined) yield value;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  } finally {
    stream.destroy();
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
