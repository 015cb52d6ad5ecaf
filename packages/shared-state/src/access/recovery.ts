import type { BeatReply } from "../contract/state-engine.ts";

/**
 * The time after a loss of confirmed writes (the store was emptied, or another server has it) in which the processes send again what
 * they know. Until all of them have, the sums of the store are too small.
 */
export interface Recovery {
  /** Notes a reply. It opens when the generation is another one, or processes have not sent again what they know. */
  note(reply: BeatReply): void;
  /** Whether the store may lack what others have written. */
  isOpen(): boolean;
  /** The generation to which this process has sent again what it knows; `null`: it has no reply yet. */
  settledIn(): string | null;
  /** This process has sent again what it knows. */
  settle(generation: string): void;
  /** The generation of the latest reply; `null`: there was none. */
  generation(): string | null;
  /** The number of processes that are alive, or were before the loss; `null`: not known yet. */
  processes(): number | null;
}

/**
 * How long the other processes are waited for. A process that lives finds out within 5 seconds, by its next beat, and needs up to 2 to
 * connect: what a process knows that needs longer than this stays missing.
 */
export const RECOVERY_MS = 8_000;

/** Creates a recovery that is not open. */
export function createRecovery(monotonic: () => number): Recovery {
  let settledIn: string | null = null;
  let generation: string | null = null;
  let processes: number | null = null;
  let sinceMonoMs: number | null = null;
  /** The generation in which others were waited for long enough. */
  let givenUp: string | null = null;

  return {
    note(reply) {
      const isOther = generation !== null && reply.generation !== generation;
      generation = reply.generation;
      settledIn ??= generation;
      const areMissing = settledIn !== generation || reply.settled < reply.processes;
      if (isOther || (sinceMonoMs === null && areMissing && generation !== givenUp)) sinceMonoMs = monotonic();
      if (sinceMonoMs !== null) {
        // An emptied store has only those that are back.
        const areBack = !areMissing && reply.processes >= (processes ?? 0);
        const isTooLong = monotonic() - sinceMonoMs >= RECOVERY_MS;
        if (!(areBack || isTooLong)) {
          processes = Math.max(processes ?? 0, reply.processes);
          return;
        }
        sinceMonoMs = null;
        givenUp = areBack ? null : generation;
      }
      processes = reply.processes;
    },
    isOpen: () => sinceMonoMs !== null,
    settledIn: () => settledIn,
    settle(settled) {
      settledIn = settled;
    },
    generation: () => generation,
    processes: () => processes,
  };
}
