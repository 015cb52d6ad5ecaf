import type { Attempt } from "../../contract/attempt.ts";
import type { TimerHandle } from "../../contract/clock.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import type { AttemptReport } from "../../contract/provider.ts";
import type { Usage } from "../../contract/usage.ts";
import type { AttemptWatch } from "../../observe/observing.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { Waiting } from "../../stream/watcher.ts";
import type { Admission } from "../admission/admission.ts";
import type { Call, Waiter } from "../call.ts";
import type { AttemptInput } from "./attempt-input.ts";

/** Whoever reads an attempt, until the end of its answer. */
export interface Reading {
  /** Takes a part; `false`: there is no need for more. */
  consume(part: StreamPart): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * One call to one link while it runs: made with `openAttempt`, read with `readParts`, ended with `endAttempt`. Its limits of time run
 * while somebody waits.
 */
export interface OpenAttempt {
  readonly call: Call;
  readonly link: ChainLink;
  readonly input: AttemptInput<unknown>;
  readonly admission: Admission;
  observed: AttemptWatch;
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
  /** `null`: nobody reads. */
  reading: Reading | null;
  /** The adapter has been asked for what is waited for. */
  isPulling: boolean;
  waitingSince: number;
  /** The latest part was a sign of life: the next wait is counted from when the reader asks. */
  waitsAnew: boolean;
  /** When bytes of the answer came last, also such as are no part. */
  aliveAtMonoMs: number;
  /** How long the wait may take, milliseconds. */
  limitMs: number | null;
  /** How long the wait for the first part may take while there is no other link to move on to, milliseconds. */
  readonly patienceMs: number;
  timer: TimerHandle | null;
  /** It was given up before the client's own limit had passed, because its caller had no more time: that says nothing about the link. */
  cutShort: boolean;
  /** Made once for all parts. */
  readonly onPart: (result: IteratorResult<StreamPart>) => void;
  readonly onFailure: (thrown: unknown) => void;
  readonly onTimer: () => void;
  readonly whenAsked: Waiting;
  readonly onInterrupt: Waiter;
}
