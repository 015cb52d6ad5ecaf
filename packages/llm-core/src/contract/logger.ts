/** Fields of a log line. Never holds a key, a prompt or an answer. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where log lines go. `console` fits. A logger that throws is ignored. */
export interface Logger {
  /** Details for whoever looks for a fault. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator likes to know. */
  info(message: string, fields?: LogFields): void;
  /** Something failed and was got over. */
  warn(message: string, fields?: LogFields): void;
  /** Something failed that somebody should look at. */
  error(message: string, fields?: LogFields): void;
}

const nothing = (): void => {};

/** The same logger, but what it throws is ignored: a line that cannot be written costs no call. */
export function tolerantLogger(logger: Logger): Logger {
  const tolerant =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      try {
        logger[level](message, fields);
      } catch {
        // There is nobody left to tell.
      }
    };
  return { debug: tolerant("debug"), info: tolerant("info"), warn: tolerant("warn"), error: tolerant("error") };
}

/** Says nothing. The default. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
