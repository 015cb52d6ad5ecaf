/** Wraps an error of a caller's function, so that it is not converted to a `SettingsError`. */
export class CallerError extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super("the caller's function threw");
    this.thrown = thrown;
  }
}
