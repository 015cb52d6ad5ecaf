/** How one call to a server is made. */
export interface CallOptions {
  /** Ends the call; a connection that does not answer by then is thrown away. */
  readonly signal: AbortSignal;
  /** What is known about the call when there is no answer: `no` for one that changes nothing. */
  readonly applied: "no" | "unknown";
}
