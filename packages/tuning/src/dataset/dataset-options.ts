import type { CallRecord } from "@babylon/llm-core";
import type { Scrubber } from "../scrub/scrubber.ts";

/** Limits of a dataset. */
export interface DatasetLimits {
  /** Tokens of a prompt and its answer, as its provider counted them. Default: no limit. */
  readonly maxTokens?: number | undefined;
  /** Fewer examples, of both sides together, are an error. Default 1. */
  readonly minExamples?: number | undefined;
  /** Further examples are left out. Default: no limit. */
  readonly maxExamples?: number | undefined;
  /** Bytes of both sides together; an example that does not fit is left out. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** Options of `buildDataset`. */
export interface DatasetOptions {
  /**
   * Ids of the providers whose answers may be trained on. There is no default: whether it is permitted follows from the terms of each vendor and
   * the licence of each model.
   */
  readonly allowSources: readonly string[];
  /** Which calls are used. Default: all. */
  readonly where?: ((record: CallRecord) => boolean) | undefined;
  /** Whether the answer is good enough. `undefined`: it was not judged, and is left out. Default: every answer is. */
  readonly accept?: ((record: CallRecord) => boolean | undefined | Promise<boolean | undefined>) | undefined;
  /** The group of a call: no group is on both sides of the split. `null`: a group of its own. Default: the agent. */
  readonly groupBy?: ((record: CallRecord) => string | null | undefined) | undefined;
  /** The share of groups that is held out, from 0 to below 1, and the seed that chooses them. Default `{ test: 0.1, seed: "babylon" }`. */
  readonly split?: { readonly test: number; readonly seed: string } | undefined;
  /**
   * `prompt`: of calls with equal prompts and tools the first one is used; `example`: of calls with equal answers, too. Default `prompt`.
   */
  readonly dedupe?: "prompt" | "example" | "none" | undefined;
  /** What is dropped and masked. Default `[secrets(), pii()]`; `[]` changes nothing. */
  readonly scrub?: readonly Scrubber[] | undefined;
  readonly limits?: DatasetLimits | undefined;
  /** The folder for the files until they are written elsewhere. Default: one below the system's folder for temporary files. */
  readonly workFolder?: string | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}
