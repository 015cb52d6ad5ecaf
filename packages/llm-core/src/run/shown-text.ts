import type { AssistantMessage } from "../contract/message.ts";
import type { Seam } from "../contract/result.ts";
import type { Writable } from "../contract/writable.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import type { WalkEvent } from "../stream/watcher.ts";
import { type ContinuationFit, createContinuationFit } from "./continuation-fit.ts";

/** The part of the answer that the reader of a stream has received: it cannot be withdrawn without a restart event. */
export interface ShownText {
  readonly text: string;
  /** Whether text or a tool call was shown since the last restart. */
  readonly isCommitted: boolean;
  readonly hasToolCalls: boolean;
  /** The error that broke off the shown text. */
  readonly brokenBy: LLMError | null;
  readonly seams: readonly Seam[];
  /** Milliseconds from the start of the call to the first text or tool call shown since the last restart. */
  readonly firstShownMs: number | null;
  /** The link whose text the next attempt continues; `null`: the next attempt starts anew. */
  readonly continuedFrom: LinkName | null;
  addText(text: string, link: LinkName, atMs: number): void;
  addToolCall(atMs: number): void;
  /** Records the error that broke off the shown text; the first one counts. */
  breakOff(error: LLMError): void;
  /** The shown text as the prefill of the next attempt; `null`: the next attempt starts anew. */
  continuation(): AssistantMessage | null;
  /** The next attempt continues the shown text. */
  continueFrom(link: LinkName): void;
  /** The next attempt starts anew. Returns the restart event for the reader. */
  restart(from: LinkName, to: LinkName): WalkEvent;
  /** Creates the fit for the text of an attempt that continues the shown text. */
  continuationFit(): ContinuationFit;
}

const nameOf = ({ provider, model }: LinkName): LinkName => ({ provider, model });

/** Creates the state of a stream with nothing shown. */
export function createShownText(): ShownText {
  let seamPending = false;

  function clear(): void {
    shown.text = "";
    shown.isCommitted = false;
    shown.hasToolCalls = false;
    shown.firstShownMs = null;
    shown.continuedFrom = null;
    shown.seams = [];
    seamPending = false;
  }

  const shown: Writable<ShownText> = {
    text: "",
    isCommitted: false,
    hasToolCalls: false,
    brokenBy: null,
    seams: [],
    firstShownMs: null,
    continuedFrom: null,
    addText(added, link, atMs) {
      if (seamPending && shown.continuedFrom !== null) {
        shown.seams = [...shown.seams, { at: shown.text.length, from: shown.continuedFrom, to: nameOf(link) }];
        seamPending = false;
      }
      shown.firstShownMs ??= atMs;
      shown.text += added;
      if (added !== "") shown.isCommitted = true;
    },
    addToolCall(atMs) {
      shown.firstShownMs ??= atMs;
      shown.isCommitted = true;
      shown.hasToolCalls = true;
    },
    breakOff(error) {
      shown.brokenBy ??= error;
    },
    // Some vendors refuse a prefill that ends in white space.
    continuation: () => (shown.continuedFrom === null ? null : { role: "assistant", content: shown.text.trimEnd() }),
    continueFrom(link) {
      // A link that added no text is not the source of the shown text.
      if (!seamPending) shown.continuedFrom = nameOf(link);
      seamPending = true;
    },
    restart(from, to) {
      const event: WalkEvent = { type: "restart", discardedText: shown.text, from: nameOf(from), to: nameOf(to) };
      clear();
      return event;
    },
    continuationFit: () => createContinuationFit(shown.text),
  };
  return shown;
}

/** Whether a link can continue a text. */
export function canContinue(link: ChainLink, text: string): boolean {
  return link.capabilities.assistantPrefill && text.trimEnd() !== "";
}

/** For calls without a stream: nothing is shown, so this shared object never changes. */
export const NOTHING_SHOWN: ShownText = createShownText();
