import type { Logger } from "@babylon/llm-core";

/** A logger that shows each message once and counts how often it came. */
export interface NoteLogger extends Logger {
  /** The messages that came more than once, with their numbers, in the order in which they first came. */
  repeated(): string[];
}

/** Shows what the client logs, from `info` on, as notes of the progress: a provider that is down says so once, not fifty times. */
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
