import type { Clock, Logger } from "@babylon/llm-core";
import type { SettingsError } from "../errors/settings-error.ts";
import { callSafely, type SettingsEvent } from "./settings-event.ts";
import type { LastError } from "./status.ts";

/** What is told of the health of a backend, and to whom. */
export interface HealthOptions {
  /** Where the backend is, as it may be shown. */
  readonly location: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: SettingsEvent) => void;
}

/** Whether the backend answers properly. Its changes are logged and told as events, once each. */
export interface Health {
  /** The last failure of a load, also after it was overcome. */
  lastError(): LastError | undefined;
  /** Whether what is held is not what the backend said last. */
  isStale(): boolean;
  recordFailure(error: SettingsError): void;
  /** Something that is held stays in use, or takes the place of what could not be loaded. */
  markStale(): void;
  markRecovered(): void;
}

export function createHealth({ location, clock, logger, onEvent }: HealthOptions): Health {
  let lastError: LastError | undefined;
  let isStale = false;

  const now = (): string => new Date(clock.now()).toISOString();

  return {
    lastError: () => lastError,
    isStale: () => isStale,
    recordFailure(error) {
      lastError = { error, at: now() };
    },
    markStale() {
      if (isStale || lastError === undefined) return;
      isStale = true;
      const { error } = lastError;
      callSafely(logger, "the logger", () =>
        logger.warn("settings: the last known ones stay in use", { code: error.code, error: error.message }),
      );
      callSafely(logger, "onEvent", () => onEvent({ type: "stale", at: now(), error }));
    },
    markRecovered() {
      if (!isStale) return;
      isStale = false;
      callSafely(logger, "the logger", () => logger.info("settings: the backend answers again", { location }));
      callSafely(logger, "onEvent", () => onEvent({ type: "recovered", at: now(), error: null }));
    },
  };
}
