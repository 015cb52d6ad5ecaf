/** An attempt's place in a race for the first answer. */
export interface Rival {
  /** Whether its reasoning may be shown while nobody has won. */
  readonly leads: boolean;
  hasWon(): boolean;
  /** Reasoning has come: the attempt is not slow. */
  showsLife(): void;
  /** The first text or tool part has come: `true` for the first attempt to say so, and the others are cancelled. */
  claim(): boolean;
  /** Calls back when another one has won. */
  onLost(cancel: () => void): void;
}

/** Of an attempt that runs alone: it has won from the start. */
export const NO_RIVAL: Rival = {
  leads: true,
  hasWon: () => true,
  showsLife() {},
  claim: () => true,
  onLost() {},
};
