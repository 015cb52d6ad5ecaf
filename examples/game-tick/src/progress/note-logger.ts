import type { Logger } from "@babylon/llm-core";

/** A logger that prints each message once and counts repetitions. */
export interface NoteLogger extends Logger {
  /** The repeated messages with their counts, in the order of their first occurrence. */
  repeated(): string[];
}

/** Prints the client's log, from level `info`, as notes of the progress, without repetitions. */
export function createNoteLogger(note: (line: string) => void): NoteLogger {
  const counts = new Map<string, number>();
  const show = (line: string): void => {
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    if (count === 1) note(line);
  };
  return {
    debug() {},
    info: (message) => show(message),
    warn: (message) => show(message),
    error: (message) => show(message),
    repeated: () => [...counts].filter(([, count]) => count > 1).map(([line, count]) => `${line} (${count} times)`),
  };
}
