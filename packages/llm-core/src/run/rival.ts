/** The part of one attempt in a race for the first answer. */
export interface Rival {
  /** Whether its reasoning may be shown before the race is decided. */
  readonly leads: boolean;
  hasWon(): boolean;
  /** Called when reasoning has arrived: no hedge is needed. */
  noteReasoning(): void;
  /** Called when the first text or tool part has arrived. `true`: this attempt has won, and the others are cancelled. */
  claim(): boolean;
  /** Calls back when another attempt has won. */
  onLost(cancel: () => void): void;
}

/** For an attempt without a race: it has won from the start. */
export const NO_RIVAL: Rival = {
  leads: true,
  hasWon: () => true,
  noteReasoning() {},
  claim: () => true,
  onLost() {},
};
