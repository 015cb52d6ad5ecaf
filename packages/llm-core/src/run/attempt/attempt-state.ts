import type { Attempt } from "../../contract/attempt.ts";
import type { TimerHandle } from "../../contract/clock.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import type { AttemptReport } from "../../contract/provider.ts";
import type { Usage } from "../../contract/usage.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import type { AttemptWatch } from "../../observe/observing.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { DrainWaiter } from "../../stream/watcher.ts";
import type { Admission } from "../admission/admission.ts";
import type { OpenAnswer } from "../answer.ts";
import type { Call, InterruptionListener } from "../call.ts";
import type { AttemptInput } from "./attempt-input.ts";

/** The consumer of an attempt's parts, until the end of the answer. */
export interface PartReader {
  /** Consumes a part; `false`: no more parts are needed. */
  consume(part: StreamPart): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * One request to one link while it runs: created by `openAttempt`, read by `readAnswer`, ended by `endAttempt`. Its time limits run only
 * while a part is awaited.
 */
export interface OpenAttempt {
  readonly call: Call;
  readonly link: ChainLink;
  readonly input: AttemptInput<unknown>;
  readonly admission: Admission;
  observed: AttemptWatch;
  /** Index among the attempts of the call, from 0. */
  readonly place: number;
  readonly startedAt: number;
  readonly startedMono: number;
  /** What has arrived; `null` until it is read. */
  answer: OpenAnswer | null;
  requestId: string | null;
  /** What the adapter has reported. */
  reported: AttemptReport;
  sent: boolean;
  usage: Usage | null;
  /** Characters of text, reasoning and tool arguments. */
  outputChars: number;
  firstPartMs: number | null;
  /** The finish part has arrived. */
  complete: boolean;
  ended: Attempt | null;
  /** The unread parts of a JSON answer, the next part last; `null` for a stream. */
  parts: StreamPart[] | null;
  iterator: AsyncIterator<StreamPart> | null;
  /** `null`: not being read. */
  reader: PartReader | null;
  /** The next part has been requested from the adapter. */
  isPulling: boolean;
  waitingSince: number;
  /** The latest part was content: the next wait starts when the reader asks for the next part. */
  restartsWait: boolean;
  /** When bytes last arrived that form no part with content (comments, pings, counts of tokens). */
  lastBytesAtMonoMs: number;
  /** Maximum time to wait for the next part, milliseconds; `null`: no limit. */
  limitMs: number | null;
  /** Maximum time to wait for the first part while no other link is ready, milliseconds. */
  readonly lastLinkLimitMs: number;
  timer: TimerHandle | null;
  /** It timed out before the client's own limit, because the call had less time: not counted against the link. */
  cutShort: boolean;
  /** Callbacks, created once for all parts. */
  readonly onPart: (result: IteratorResult<StreamPart>) => void;
  readonly onFailure: (thrown: unknown) => void;
  readonly onTimer: () => void;
  readonly endWhole: (why: LLMError) => boolean;
  readonly onDrained: DrainWaiter;
  readonly onInterrupt: InterruptionListener;
}
