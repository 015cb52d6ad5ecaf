import { LLMError } from "../errors/llm-error.ts";

/** Fits the text of an attempt that was asked to go on from a text, piece by piece. */
export interface ContinuationFit {
  /**
   * What of a piece goes on from the text. The beginning of the continuation is held back for as long as it could be the beginning of
   * the text again. Throws `unsupported` when it is: the model has ignored the text and starts again.
   */
  take(piece: string): string;
  /** What is still held back, when something other than text comes: it was a continuation. */
  release(): string;
}

/** How much of the beginning of a text must come again to say that the model starts again. */
const LONGEST_OPENING = 24;
/** Of a shorter text one cannot say it: "no" after "no" may be meant. */
const SHORTEST_OPENING = 6;

/** Whether a text is one piece again and again, such as a row of numbers. */
function isPeriodic(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period += 1) if (text.startsWith(text.slice(period))) return true;
  return false;
}

/** The beginning by which a second start is recognised; empty where the text itself repeats it, or is too short. */
function openingOf(text: string): string {
  const begun = text.trim();
  const opening = begun.slice(0, LONGEST_OPENING);
  const isNoSign = opening.length < SHORTEST_OPENING || isPeriodic(opening) || begun.includes(opening, 1);
  return isNoSign ? "" : opening;
}

const startedAgain = (): LLMError =>
  new LLMError({ code: "unsupported", message: "the model started the answer again instead of continuing it" });

/**
 * Fits a continuation to a text. The prefill had to lose the blanks at its end: those that the continuation repeats are taken off.
 * Other repetitions at the seam stay, because they may be meant.
 */
export function createContinuationFit(text: string): ContinuationFit {
  let blanks = text.slice(text.trimEnd().length);
  const opening = openingOf(text);
  /** How much of the opening has come again; `null`: what comes is a continuation. */
  let matched: number | null = opening === "" ? null : 0;
  let held = "";

  function withoutBlanks(piece: string): string {
    let at = 0;
    while (at < piece.length && at < blanks.length && piece[at] === blanks[at]) at += 1;
    blanks = at < piece.length ? "" : blanks.slice(at);
    return at === 0 ? piece : piece.slice(at);
  }

  function release(): string {
    if (held === "") return "";
    const released = held;
    held = "";
    matched = null;
    return withoutBlanks(released);
  }

  return {
    take(piece) {
      if (matched === null) return withoutBlanks(piece);
      held += piece;
      for (const character of matched === 0 ? piece.trimStart() : piece) {
        if (!opening.startsWith(character, matched)) return release();
        matched += character.length;
        if (matched >= opening.length) throw startedAgain();
      }
      return "";
    },
    release,
  };
}
