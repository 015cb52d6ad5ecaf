/** The provider's id and the model of a request. They select the `providerOptions` and the reasoning that are sent. */
export interface Link {
  readonly provider: string;
  readonly model: string;
}
