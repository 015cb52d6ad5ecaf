import type { Clock, Logger } from "@babylon/llm-core";
import { callSafely } from "../errors/call-safely.ts";
import type { SettingsError } from "../errors/settings-error.ts";
import type { SettingsEvent } from "./settings-event.ts";
import type { LastError } from "./status.ts";

/** Input of {@link createHealth}. */
export interface HealthOptions {
  /** Where the backend is, without credentials. */
  readonly location: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: SettingsEvent) => void;
}

/** Whether loads succeed. Each change is logged and emitted as an event once. */
export interface Health {
  /** The error of the last failed load, kept after recovery. */
  lastError(): LastError | undefined;
  /** Whether the cached settings could not be confirmed. */
  isStale(): boolean;
  recordFailure(error: SettingsError): void;
  /** The load failed, and the cached or fallback settings stay in use. */
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
        logger.warn("settings: the backend failed, the last known settings stay in use", {
          code: error.code,
          error: error.message,
        }),
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
