/** A model of one's own that is in use, by name: which one, from which data, and what was there before. */
export interface TunedSettings {
  /** The provider that serves it. */
  readonly provider: string;
  readonly baseModel: string;
  /** The model id for the chain, with a version or a step: never one that moves. */
  readonly model: string;
  /** The agents whose settings name the model. Absent: the provider's settings do. */
  readonly agents?: readonly string[] | undefined;
  /** The model that the provider's settings named before. Absent: none. */
  readonly previous?: string | undefined;
  /** SHA-256 of the training data, hexadecimal. */
  readonly datasetSha256: string;
  /** ISO 8601. Absent: the model was promoted without an evaluation. */
  readonly evaluatedAt?: string | undefined;
}
