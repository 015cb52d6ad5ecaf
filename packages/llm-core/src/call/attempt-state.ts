import type { Attempt, AttemptKind } from "../attempt.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import type { TimerHandle } from "../clock.ts";
import type { TimeLimits } from "../config/client-config.ts";
import type { Env } from "../env.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { StreamPart } from "../model-answer.ts";
import type { AttemptReport, ModelRequest, ResponseHead, SchemaDialect } from "../provider.ts";
import type { Usage } from "../usage.ts";
import type { Call, Waiter } from "./call.ts";

/** What an attempt needs beside the call and the link. */
export interface AttemptSetup {
  readonly env: Env;
  /** The client's own limits; those of the call may be shorter. */
  readonly clientLimits: TimeLimits;
  readonly request: ModelRequest;
  readonly schemaDialect?: SchemaDialect | undefined;
  readonly kind: AttemptKind;
  readonly transport: "stream" | "json";
  /** Links that may still be tried, this one included. */
  readonly linksLeft: number;
  readonly maxResponseBytes: number;
  onResponse(head: ResponseHead): void;
}

/**
 * One call to one link while it runs: made with `openAttempt`, read part by part with `arrivedPart` and `nextPart`, ended with
 * `endAttempt`. Its limits of time run while somebody waits.
 */
export interface OpenAttempt {
  readonly call: Call;
  readonly link: ChainLink;
  readonly setup: AttemptSetup;
  readonly controller: AbortController;
  /** Its place among the attempts of the call, from 0. */
  readonly place: number;
  readonly startedAt: number;
  readonly startedMono: number;
  requestId: string | null;
  /** What the adapter has reported. */
  told: AttemptReport;
  sent: boolean;
  usage: Usage | null;
  /** Of text, reasoning and tool arguments. */
  outputChars: number;
  firstLifeMs: number | null;
  /** The finish part has come. */
  complete: boolean;
  ended: Attempt | null;
  /** Of an answer that came whole: what has not been read of it, the next part last. */
  parts: StreamPart[] | null;
  iterator: AsyncIterator<StreamPart> | null;
  /** Of the wait in progress; `null`: nobody waits. */
  resolve: ((part: StreamPart | undefined) => void) | null;
  reject: ((error: LLMError) => void) | null;
  waitingSince: number;
  /** The latest part was a sign of life: the next wait is counted from when the reader asks. */
  waitsAnew: boolean;
  /** How long the wait may take, milliseconds. */
  limitMs: number | null;
  timer: TimerHandle | null;
  /** It was given up before the client's own limit had passed, because its caller had no more time: that says nothing about the link. */
  cutShort: boolean;
  /** Made once for all parts. */
  readonly onPart: (result: IteratorResult<StreamPart>) => void;
  readonly onFailure: (thrown: unknown) => void;
  readonly onTimer: () => void;
  readonly onInterrupt: Waiter;
}
