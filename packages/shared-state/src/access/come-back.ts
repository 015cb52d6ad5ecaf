import type { Recovery } from "./recovery.ts";

/** The return of a process to an engine that may have lost what it had confirmed. */
export interface ComeBack {
  /** Begins it, unless it is under way. If it fails, a later beat finds out. @param check - a beat before it */
  begin(check: () => Promise<void>): void;
  isUnderWay(): boolean;
  /** Resolves when it is known whether anything was lost. Never rejects. */
  checked(): Promise<void>;
  /** Resolves when it is over. Never rejects. */
  ended(): Promise<void>;
}

/** Options of {@link createComeBack}. */
export interface ComeBackOptions {
  readonly recovery: Recovery;
  /** Sends again what the engine may have lost. */
  readonly sendAgain: () => Promise<unknown>;
  /** Says that this process has sent everything again. */
  readonly beat: () => Promise<void>;
  readonly onEnd: () => void;
}

const DONE: Promise<void> = Promise.resolve();

/** Creates one that is not under way. */
export function createComeBack({ recovery, sendAgain, beat, onEnd }: ComeBackOptions): ComeBack {
  let running: Promise<void> | null = null;
  let checking: Promise<void> = DONE;

  async function run(check: () => Promise<void>): Promise<void> {
    checking = check().catch(() => {});
    await checking;
    const generation = recovery.generation();
    await sendAgain();
    if (generation === null || !recovery.isOpen()) return;
    recovery.settle(generation);
    await beat();
  }

  return {
    begin(check) {
      running ??= run(check)
        .catch(() => {})
        .finally(() => {
          running = null;
          onEnd();
        });
    },
    isUnderWay: () => running !== null,
    checked: () => checking,
    ended: () => running ?? DONE,
  };
}
