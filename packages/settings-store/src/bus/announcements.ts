import type { Clock } from "@babylon/llm-core";

/** How long messages count as unreliable after one was missing, milliseconds. */
const UNRELIABLE_MS = 600_000;

/** Compares the versions that messages announced with those that reads found. */
export interface Announcements {
  /** A message announced this version, or it was stored before this process subscribed. */
  announce(version: number): void;
  isAnnounced(version: number): boolean;
  /** A read found this version, and no message announced it. */
  recordMissing(version: number): void;
  /** Whether a message was missing within the last ten minutes. */
  hasRecentMissing(): boolean;
}

/**
 * A process that receives its own messages may still miss those of others: a writer may lack the permission to publish, and a proxy may
 * drop messages.
 */
export function createAnnouncements(clock: Clock): Announcements {
  let latest = 0;
  let missingUntilMono = Number.NEGATIVE_INFINITY;

  function announce(version: number): void {
    latest = Math.max(latest, version);
  }

  return {
    announce,
    isAnnounced: (version) => version <= latest,
    recordMissing(version) {
      announce(version);
      missingUntilMono = clock.monotonic() + UNRELIABLE_MS;
    },
    hasRecentMissing: () => clock.monotonic() < missingUntilMono,
  };
}
