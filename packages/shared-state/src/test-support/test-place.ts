import type { SharedState } from "../contract/shared-state.ts";

/** A store that tests open, as often as they want: each state is what a process would have. */
export interface TestPlace {
  /** Opens a state of the store; it is closed with the place. The clock of its process is wrong by `clockErrorMs`. */
  open(clockErrorMs?: number): Promise<SharedState>;
  /** Empties the store while states are open; `null`: not possible. */
  readonly empty: (() => Promise<void>) | null;
  /** Closes all states and removes the store. */
  close(): Promise<void>;
}

/** How to make a new, empty store of an engine. */
export interface TestEngine {
  readonly name: string;
  create(): Promise<TestPlace>;
}
