/** The provider's id and the model of a request: whose options and whose reasoning go into it. */
export interface Link {
  readonly provider: string;
  readonly model: string;
}
