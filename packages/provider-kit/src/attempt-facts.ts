/** What the errors of one attempt say about it, and what they must not say. */
export interface AttemptFacts {
  /** The provider's id. */
  readonly provider: string;
  /** The provider's name, for people. */
  readonly name: string;
  /** `null` where no model is involved, such as a list of models. */
  readonly model: string | null;
  /** `null` where no call is involved. */
  readonly callId: string | null;
  /** Keys in use, removed from every text. */
  readonly secrets: readonly string[];
  /** Texts of the request, not to be quoted in an error. Called only when there is an error to write. */
  readonly prompt?: () => readonly string[];
}
