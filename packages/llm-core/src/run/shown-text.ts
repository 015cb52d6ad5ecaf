import type { AssistantMessage } from "../contract/message.ts";
import type { Seam } from "../contract/result.ts";
import type { Writable } from "../contract/writable.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import type { WalkEvent } from "../stream/watcher.ts";
import { type ContinuationFit, createContinuationFit } from "./continuation-fit.ts";

/** What the reader of a stream has seen of the answer: once there is something, it cannot be taken back unseen. */
export interface ShownText {
  readonly text: string;
  /** Whether anything that commits was shown since the last restart. */
  readonly binds: boolean;
  readonly hasToolCalls: boolean;
  /** The failure that broke off what was shown. */
  readonly brokenBy: LLMError | null;
  readonly seams: readonly Seam[];
  /** From the start of the call to the first text or tool call shown since the last restart. */
  readonly firstMs: number | null;
  /** The link whose text the next attempt goes on from; `null` where it starts clean. */
  readonly continuedFrom: LinkName | null;
  addText(text: string, link: LinkName, atMs: number): void;
  addToolCall(atMs: number): void;
  /** What was shown is broken off. */
  breakOff(error: LLMError): void;
  /** The beginning of the answer for the next link to go on from; `null` where it starts clean. */
  continuation(): AssistantMessage | null;
  /** The next attempt goes on from the text shown. */
  continueFrom(link: LinkName): void;
  /** The next attempt starts clean; the reader is told so by the event returned. */
  restart(from: LinkName, to: LinkName): WalkEvent;
  /** What checks and fits the text of an attempt that goes on from the text shown. */
  continuationFit(): ContinuationFit;
}

const nameOf = ({ provider, model }: LinkName): LinkName => ({ provider, model });

/** Nothing shown yet. */
export function createShownText(): ShownText {
  let seamPending = false;

  function clear(): void {
    shown.text = "";
    shown.binds = false;
    shown.hasToolCalls = false;
    shown.firstMs = null;
    shown.continuedFrom = null;
    shown.seams = [];
    seamPending = false;
  }

  const shown: Writable<ShownText> = {
    text: "",
    binds: false,
    hasToolCalls: false,
    brokenBy: null,
    seams: [],
    firstMs: null,
    continuedFrom: null,
    addText(added, link, atMs) {
      if (seamPending && shown.continuedFrom !== null) {
        shown.seams = [...shown.seams, { at: shown.text.length, from: shown.continuedFrom, to: nameOf(link) }];
        seamPending = false;
      }
      shown.firstMs ??= atMs;
      shown.text += added;
      if (added !== "") shown.binds = true;
    },
    addToolCall(atMs) {
      shown.firstMs ??= atMs;
      shown.binds = true;
      shown.hasToolCalls = true;
    },
    breakOff(error) {
      shown.brokenBy ??= error;
    },
    // A prefill must not end in blanks: there are vendors that refuse it.
    continuation: () => (shown.continuedFrom === null ? null : { role: "assistant", content: shown.text.trimEnd() }),
    continueFrom(link) {
      // A link that added nothing is not where the text comes from.
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

/** Whether a link can go on from a text. */
export function canContinue(link: ChainLink, text: string): boolean {
  return link.capabilities.assistantPrefill && text.trimEnd() !== "";
}

/** For calls that nobody watches: nothing is ever shown, so nothing is ever added. */
export const NOTHING_SHOWN: ShownText = createShownText();
