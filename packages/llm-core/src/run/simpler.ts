import type { ResponseFormat } from "../contract/provider.ts";

/** What is left out of requests to a link, or replaced, because its vendor refused it. */
export interface Simpler {
  /** Fields of the wire that are not sent. */
  readonly without: readonly string[];
  /** Replaces the call's `responseFormat`. `null`: not sent; the instructions describe the format. Absent: not replaced. */
  readonly format?: ResponseFormat | null;
}
