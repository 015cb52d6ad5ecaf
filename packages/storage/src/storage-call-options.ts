/** Options of one call to a server. */
export interface StorageCallOptions {
  /** Cancels the call; a connection that has not answered by then is closed. */
  readonly signal: AbortSignal;
  /** Whether the call may have been applied when no answer arrives: `no` for a call that changes nothing. */
  readonly applied: "no" | "unknown";
}
