import type { ResponseFormat } from "../contract/provider.ts";

/** What is omitted from requests to a link, or replaced, because the vendor refused it. */
export interface Simpler {
  /** Wire fields that are not sent. */
  readonly without: readonly string[];
  /** Replaces the call's `responseFormat`. `null`: not sent; the instructions describe the format. Absent: not replaced. */
  readonly format?: ResponseFormat | null;
}
