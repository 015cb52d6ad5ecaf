/** The command line, or a value on it, is wrong. The message says so in one sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
