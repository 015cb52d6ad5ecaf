import type { Clock } from "@babylon/llm-core";

/** How long a change that no message announced is evidence of a writer that cannot publish, milliseconds. */
const EVIDENCE_MS = 600_000;

/** Compares the versions that messages announced with those that were found by reading. */
export interface Announcements {
  /** A message named this version, or it was stored before anybody listened. */
  announce(version: number): void;
  isAnnounced(version: number): boolean;
  /** This version was found by reading, and no message came. */
  recordMissing(version: number): void;
  /** Whether a message was missing in the last ten minutes. */
  hasRecentMissing(): boolean;
}

/**
 * A process that receives its own messages may still miss those of others: a user without the right to publish writes all the same, and
 * a proxy may drop what it does not understand.
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
      missingUntilMono = clock.monotonic() + EVIDENCE_MS;
    },
    hasRecentMissing: () => clock.monotonic() < missingUntilMono,
  };
}
