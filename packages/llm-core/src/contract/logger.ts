/** Fields of a log line. They never contain a key, a prompt or an answer. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Receives log lines, such as `console`. Errors that it throws are ignored. */
export interface Logger {
  /** Details for debugging. */
  debug(message: string, fields?: LogFields): void;
  /** Normal events, for operators. */
  info(message: string, fields?: LogFields): void;
  /** A failure that the client recovered from. */
  warn(message: string, fields?: LogFields): void;
  /** A failure that needs attention. */
  error(message: string, fields?: LogFields): void;
}

const noop = (): void => {};

/** Wraps a logger so that its errors are ignored: a log line that cannot be written must not fail a call. */
export function nonThrowingLogger(logger: Logger): Logger {
  const guarded =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      try {
        logger[level](message, fields);
      } catch {
        // An error of the logger cannot be logged.
      }
    };
  return { debug: guarded("debug"), info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}

/** Discards all log lines. The default. */
export const silentLogger: Logger = { debug: noop, info: noop, warn: noop, error: noop };
