/** The facts that the errors of one attempt state, and the texts that they must not contain. */
export interface AttemptFacts {
  /** The provider's id. */
  readonly provider: string;
  /** The provider's display name. */
  readonly name: string;
  /** `null` where no model is involved, such as a list of models. */
  readonly model: string | null;
  /** `null` where no call is involved. */
  readonly callId: string | null;
  /** Keys in use. They are redacted from every text. */
  readonly secrets: readonly string[];
  /** Texts of the request, which are redacted from errors. Called only when an error is created. */
  readonly prompt?: () => readonly string[];
}
