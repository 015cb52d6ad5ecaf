import type { AssistantMessage } from "../contract/message.ts";
import type { Seam } from "../contract/result.ts";
import type { Writable } from "../contract/writable.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import type { WalkEvent } from "../stream/watcher.ts";
import { type ContinuationFit, createContinuationFit } from "./continuation-fit.ts";

/** The part of the answer that the reader of a stream has received: it cannot be withdrawn without a restart event. */
export interface CommittedOutput {
  readonly text: string;
  /** Whether text or a tool call was committed since the last restart. */
  readonly isCommitted: boolean;
  readonly hasToolCalls: boolean;
  /** The error that broke off the committed text. */
  readonly brokenBy: LLMError | null;
  readonly seams: readonly Seam[];
  /** Milliseconds from the start of the call to the first text or tool call committed since the last restart. */
  readonly firstOutputMs: number | null;
  /** The link whose text the next attempt continues; `null`: the next attempt starts anew. */
  readonly continuedFrom: LinkName | null;
  /** @param text - the whole text so far, as the attempt has it: two sums of the same pieces would take twice the memory */
  setText(text: string, link: LinkName, atMs: number): void;
  addToolCall(atMs: number): void;
  /** Records the error that broke off the committed text; the first one counts. */
  breakOff(error: LLMError): void;
  /** The committed text as the prefill of the next attempt; `null`: the next attempt starts anew. */
  continuation(): AssistantMessage | null;
  /** The next attempt continues the committed text. */
  continueFrom(link: LinkName): void;
  /** The next attempt starts anew. Returns the restart event for the reader. */
  restart(from: LinkName, to: LinkName): WalkEvent;
  /** Creates the fit for the text of an attempt that continues the committed text. */
  continuationFit(): ContinuationFit;
}

const nameOf = ({ provider, model }: LinkName): LinkName => ({ provider, model });

/** Creates the state of a stream with nothing committed. */
export function createCommittedOutput(): CommittedOutput {
  let seamPending = false;

  function clear(): void {
    output.text = "";
    output.isCommitted = false;
    output.hasToolCalls = false;
    output.firstOutputMs = null;
    output.continuedFrom = null;
    output.seams = [];
    seamPending = false;
  }

  const output: Writable<CommittedOutput> = {
    text: "",
    isCommitted: false,
    hasToolCalls: false,
    brokenBy: null,
    seams: [],
    firstOutputMs: null,
    continuedFrom: null,
    setText(text, link, atMs) {
      if (seamPending && output.continuedFrom !== null) {
        output.seams = [...output.seams, { at: output.text.length, from: output.continuedFrom, to: nameOf(link) }];
        seamPending = false;
      }
      output.firstOutputMs ??= atMs;
      output.text = text;
      output.isCommitted = true;
    },
    addToolCall(atMs) {
      output.firstOutputMs ??= atMs;
      output.isCommitted = true;
      output.hasToolCalls = true;
    },
    breakOff(error) {
      output.brokenBy ??= error;
    },
    // Some vendors refuse a prefill that ends in white space.
    continuation: () => (output.continuedFrom === null ? null : { role: "assistant", content: output.text.trimEnd() }),
    continueFrom(link) {
      // A link that added no text is not the source of the committed text.
      if (!seamPending) output.continuedFrom = nameOf(link);
      seamPending = true;
    },
    restart(from, to) {
      const event: WalkEvent = { type: "restart", discardedText: output.text, from: nameOf(from), to: nameOf(to) };
      clear();
      return event;
    },
    continuationFit: () => createContinuationFit(output.text),
  };
  return output;
}

/** Whether a link can continue a text. */
export function canContinue(link: ChainLink, text: string): boolean {
  return link.capabilities.assistantPrefill && text.trimEnd() !== "";
}

/** For calls without a stream: nothing is committed, so this shared object never changes. */
export const NO_OUTPUT: CommittedOutput = createCommittedOutput();
