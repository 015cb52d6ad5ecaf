import type { ChainLink } from "../chain/plan-chain.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { AssistantMessage } from "../message.ts";
import type { Seam } from "../result.ts";
import type { LinkName } from "../stream/stream-event.ts";
import type { Writable } from "../writable.ts";
import type { WalkEvent } from "./watcher.ts";

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
  /** Whether the next attempt goes on from the text shown. */
  readonly continues: boolean;
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
  /** Takes off the blanks that the prefill had to lose at its end and the continuation repeats. */
  fitContinuation(text: string): string;
}

const nameOf = ({ provider, model }: LinkName): LinkName => ({ provider, model });

/** Nothing shown yet. */
export function createShownText(): ShownText {
  let continuedFrom: LinkName | null = null;
  let seamPending = false;
  let cut = "";

  function clear(): void {
    shown.text = "";
    shown.binds = false;
    shown.hasToolCalls = false;
    shown.firstMs = null;
    shown.continues = false;
    shown.seams = [];
    continuedFrom = null;
    seamPending = false;
  }

  const shown: Writable<ShownText> = {
    text: "",
    binds: false,
    hasToolCalls: false,
    brokenBy: null,
    seams: [],
    firstMs: null,
    continues: false,
    addText(added, link, atMs) {
      if (seamPending && continuedFrom !== null) {
        shown.seams = [...shown.seams, { at: shown.text.length, from: nameOf(continuedFrom), to: nameOf(link) }];
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
    continuation: () => (shown.continues ? { role: "assistant", content: shown.text.trimEnd() } : null),
    continueFrom(link) {
      // A link that added nothing is not where the text comes from.
      if (!seamPending) continuedFrom = nameOf(link);
      seamPending = true;
      shown.continues = true;
      cut = shown.text.slice(shown.text.trimEnd().length);
    },
    restart(from, to) {
      const event: WalkEvent = { type: "restart", discardedText: shown.text, from: nameOf(from), to: nameOf(to) };
      clear();
      return event;
    },
    fitContinuation(piece) {
      let at = 0;
      while (at < piece.length && cut !== "" && piece[at] === cut[0]) {
        at += 1;
        cut = cut.slice(1);
      }
      if (at < piece.length) cut = "";
      return at === 0 ? piece : piece.slice(at);
    },
  };
  return shown;
}

/** Whether a link can go on from a text. */
export function canContinue(link: ChainLink, text: string): boolean {
  return link.capabilities.assistantPrefill && text.trimEnd() !== "";
}

/** For calls that nobody watches: nothing is ever shown, so nothing is ever added. */
export const NOTHING_SHOWN: ShownText = createShownText();
