import type { Clock } from "@babylon/llm-core";
import { openSharedState, type SharedState, StorageError } from "@babylon/shared-state";

/** Shared state whose engine can go away. */
export interface BreakableState extends SharedState {
  /** From now on calls fail. `applied`: whether the engine has done what it was asked nevertheless. */
  breakDown(applied?: "no" | "unknown"): void;
  repair(): void;
  /** From now on it answers, and reserves nothing, because other processes have not sent again what it has lost. */
  loseWrites(): void;
  /** They have. */
  recover(): void;
  /** The number of processes that are seen alive. */
  setProcesses(processes: number): void;
}

/** Opens shared state in memory that can be broken. */
export async function openBreakableState(clock: Clock): Promise<BreakableState> {
  const state = await openSharedState({ url: "memory://", clock });
  let broken: "no" | "unknown" | null = null;
  let processes = 1;
  let recovering = false;
  let sinceEpochMs = clock.now();

  async function guard<T>(run: () => Promise<T>): Promise<T> {
    if (broken === null) return run();
    if (broken === "unknown") await run();
    const applied = broken;
    // The first call finds it out; the next ones fail at once.
    broken = "no";
    throw new StorageError({ message: "test: no answer in time", applied, timedOut: true });
  }

  const { ledger } = state;
  return {
    ...state,
    ledger: {
      ...ledger,
      reserve: (ask) =>
        guard(() => {
          if (recovering) throw new StorageError({ message: "test: writes were lost", applied: "no" });
          return ledger.reserve(ask);
        }),
      settle: (id, result) => guard(() => ledger.settle(id, result)),
      status: (keys) => guard(() => ledger.status(keys)),
      writeOff: (key, presumed) => guard(() => ledger.writeOff(key, presumed)),
    },
    status: () => ({ ...state.status(), connected: broken === null, sinceEpochMs, processes, recovering }),
    breakDown(applied = "no") {
      broken = applied;
    },
    repair() {
      broken = null;
      sinceEpochMs = clock.now();
    },
    loseWrites() {
      recovering = true;
    },
    recover() {
      recovering = false;
    },
    setProcesses(next) {
      processes = next;
    },
  };
}
