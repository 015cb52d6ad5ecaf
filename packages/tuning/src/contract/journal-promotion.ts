/** A promotion, stored before the settings are changed. */
export interface JournalPromotion {
  readonly id: string;
  readonly name: string;
  readonly atEpochMs: number;
  /** What the settings had in the places of the change, as JSON; `null`: the place was absent. */
  readonly before: Readonly<Record<string, string | null>>;
  readonly model: string;
  readonly rolledBack: boolean;
}
