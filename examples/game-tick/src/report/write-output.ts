import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { TickResult } from "../tick/tick-result.ts";

/**
 * Writes what a tick produced to `<directory>/<id of the tick>.json`, in the order in which one would read it.
 *
 * @returns the path, relative to `from`
 * @throws Error with the path, if it cannot be written
 */
export async function writeOutput(result: TickResult, directory: string, from: string): Promise<string> {
  const path = join(directory, `${result.id}.json`);
  const { id, startedAt, durationMs, ...rest } = result;
  const readable = { id, startedAt: new Date(startedAt).toISOString(), durationMs: Math.round(durationMs), ...rest };
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(path, `${JSON.stringify(readable, null, 2)}\n`);
  } catch (error) {
    throw new Error(`${path} cannot be written`, { cause: error });
  }
  return relative(from, path);
}
