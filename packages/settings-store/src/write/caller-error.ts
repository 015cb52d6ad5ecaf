/** Carries what a caller's function threw past the conversion of the store's own errors. */
export class CallerError extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super("the caller's function threw");
    this.thrown = thrown;
  }
}
